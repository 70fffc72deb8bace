"""Groups of scenarios: drawing them, and the proofs of their laws."""
