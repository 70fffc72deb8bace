"""`careful`: the triage guide as code, a procedure per alert family over what its own queries returned.

Nothing here imports facts, cases or the generator: a procedure knows tables and the triage guide, and
nothing of a case but what it has read. Source: docs/triage.md.
"""
