"""The incident family inside Inspect."""
