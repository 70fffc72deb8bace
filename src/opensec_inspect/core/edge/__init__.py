"""The shared part of the Inspect edge: live episodes and aggregates."""
