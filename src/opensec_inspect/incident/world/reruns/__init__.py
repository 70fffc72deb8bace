"""Earlier answers asked for again: what they had shown, and whom a statement singles out."""
