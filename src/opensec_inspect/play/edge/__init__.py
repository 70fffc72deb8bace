"""Where play meets Inspect: a finished case becomes an ordinary log."""
