"""Benchmarks: `make bench`. Figures are ratios or per-call costs measured in one run."""
