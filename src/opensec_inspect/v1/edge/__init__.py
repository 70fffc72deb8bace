"""The v1 rules inside Inspect: what a run over published scenarios has in place of our own parts.

The task enters by `edge.task`; the tools, the loops and `core.edge.live` are those of every run.
"""
