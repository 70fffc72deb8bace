"""Commands for those who train: pricing, searching, serving, exporting."""
