"""What exists and what happens: frozen values from which every row is rendered.

Facts know nothing of rows, tables or scores. A fact is written once; `sensors` render it.
"""
