"""How programs become variants: texts and seeds, kinds of task, proofs over bounded searches."""
