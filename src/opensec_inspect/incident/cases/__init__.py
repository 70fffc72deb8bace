"""Cases: groups of scenarios that only joins tell apart, and the proofs that they do."""
