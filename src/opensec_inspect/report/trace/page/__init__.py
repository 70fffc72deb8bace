"""The trace page: one self-contained page for episodes on disk, and the same page served while they run."""
