"""Statistics: numbers in, numbers out. Knows no task family; `docs/statistics.md` says how and why."""

from opensec_inspect.stats.confidence import ConfidenceSummary, ReliabilityBin, confidence_summary
from opensec_inspect.stats.intervals import Estimate, count_rate, mean, pooled_ratio, rate
from opensec_inspect.stats.levels import (
    THRESHOLDS,
    V1_THRESHOLDS,
    CapabilityLevel,
    MetricLevel,
    Threshold,
    capability_level,
    capability_level_v1,
)
from opensec_inspect.stats.paired import PairedTest, holm_adjusted, paired_test
from opensec_inspect.stats.published import (
    PUBLISHED,
    PUBLISHED_EPISODES,
    PUBLISHED_SOURCE,
    PublishedResult,
)

__all__ = [
    "PUBLISHED",
    "PUBLISHED_EPISODES",
    "PUBLISHED_SOURCE",
    "THRESHOLDS",
    "V1_THRESHOLDS",
    "CapabilityLevel",
    "ConfidenceSummary",
    "Estimate",
    "MetricLevel",
    "PairedTest",
    "PublishedResult",
    "ReliabilityBin",
    "Threshold",
    "capability_level",
    "capability_level_v1",
    "confidence_summary",
    "count_rate",
    "holm_adjusted",
    "mean",
    "paired_test",
    "pooled_ratio",
    "rate",
]
