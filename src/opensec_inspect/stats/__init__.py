"""Statistics: numbers in, numbers out. Knows no task family; `docs/statistics.md` says how and why."""

from opensec_inspect.stats.confidence import ConfidenceSummary, ReliabilityBin, confidence_summary
from opensec_inspect.stats.intervals import Estimate, count_rate, mean, pooled_ratio, rate
from opensec_inspect.stats.levels import CapabilityLevel, Level, MetricLevel, Threshold
from opensec_inspect.stats.paired import PairedTest, holm_adjusted, paired_test

__all__ = [
    "CapabilityLevel",
    "ConfidenceSummary",
    "Estimate",
    "Level",
    "MetricLevel",
    "PairedTest",
    "ReliabilityBin",
    "Threshold",
    "confidence_summary",
    "count_rate",
    "holm_adjusted",
    "mean",
    "paired_test",
    "pooled_ratio",
    "rate",
]
