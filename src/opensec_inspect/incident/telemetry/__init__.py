"""Writing evidence rows, seeded."""
