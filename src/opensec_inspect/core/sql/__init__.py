"""One guarded SELECT over a SQLite database, and the threads that run it."""
