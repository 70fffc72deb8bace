"""What happens now and then, and looks like more: every kind of row that a case has, for ordinary reasons."""
