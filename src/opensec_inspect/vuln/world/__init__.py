"""The open world of a task: the program's files to look at, and its builds to run."""
