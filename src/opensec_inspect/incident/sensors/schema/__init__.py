"""The tables of the evidence: their columns, who writes each, and the dictionary of them."""
