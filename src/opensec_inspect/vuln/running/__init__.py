"""Running the shipped programs on data, in a process that can do nothing else."""
