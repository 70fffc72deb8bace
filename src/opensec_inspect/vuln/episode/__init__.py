"""Episodes as values: actions, steps, and what they amount to."""
