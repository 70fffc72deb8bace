"""Productions of the texts, a half per split; edited by hand."""
