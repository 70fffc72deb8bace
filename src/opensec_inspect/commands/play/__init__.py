"""`opensec play` and `opensec play-task`."""
