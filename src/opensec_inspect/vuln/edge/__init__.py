"""The vulnerability family inside Inspect."""
