"""Values of the family: programs as text, tasks, answers, truths and what a run showed."""
