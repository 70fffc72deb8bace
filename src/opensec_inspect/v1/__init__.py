"""The published OpenSec v1 scenarios under the published rules, behind one seam.

Nothing outside this package knows a v1 rule, and nothing in it knows ours. Drive it with
`play.opening` and `play.advance` (or `play.replay`), score it with `scoring.score`.
"""
