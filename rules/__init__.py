"""Detection rules in Sigma, in words of our own, and how they are compiled. Not part of the package."""
