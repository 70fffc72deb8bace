"""Scanners for Inspect Scout: what a model says, where numbers see only what it does."""
