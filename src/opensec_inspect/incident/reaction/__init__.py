"""What containment does to what happens, and what people do about that."""
