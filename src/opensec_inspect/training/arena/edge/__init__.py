"""The assessor: participants played and scored by Inspect."""
