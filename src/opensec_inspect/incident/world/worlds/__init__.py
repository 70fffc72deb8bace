"""One open episode over the evidence, what it says to the defender, and looking back at it."""
