"""Values and rules of an incident. Pure."""
