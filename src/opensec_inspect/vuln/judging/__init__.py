"""Judging: effects of runs, and whether an answer is right. Pure, given the runs."""
