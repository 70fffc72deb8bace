"""Tables, in words and as files."""
