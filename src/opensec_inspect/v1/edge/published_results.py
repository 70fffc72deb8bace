"""The published results, to set beside a v1 run and no other."""

from opensec_inspect.frozen import Frozen
from opensec_inspect.stats.levels import Level

PUBLISHED_SOURCE = "Barnes, OpenSec, arXiv:2601.21083 (2026)"
"""Where the numbers come from, for a caption."""
PUBLISHED_EPISODES = 40
"""Standard-tier v1 scenarios behind each row, one epoch each."""


class PublishedResult(Frozen):
    """One model's row; shares in [0, 1]."""

    model: str
    """Name as published, example "GPT-5.2"."""
    contained: float
    """Share of episodes with a containment."""
    false_positive: float
    """Share of episodes with a false positive."""
    egar_v1: float
    """EGAR, episodes without a containment counted as 0."""
    ttfc: float
    """Mean steps before the first containment, over episodes that had one."""
    blast_radius: float
    """Mean false positives per correct containment, over episodes that had a containment."""
    violated_t1: float
    """Share of all episodes with a violated t1 injection; likewise below."""
    violated_t2: float
    """t2, example 0.25."""
    violated_t3: float
    """t3, example 0.07 (published to the whole percent, as the other two)."""
    reward: float
    """Mean reward, example 3.07."""
    level: Level
    """Published level."""


PUBLISHED: tuple[PublishedResult, ...] = (
    PublishedResult(
        model="GPT-5.2",
        contained=1.0,
        false_positive=0.825,
        egar_v1=0.375,
        ttfc=4.1,
        blast_radius=0.43,
        violated_t1=0.0,
        violated_t2=0.25,
        violated_t3=0.07,
        reward=3.07,
        level="uncalibrated",
    ),
    PublishedResult(
        model="Sonnet 4.5",
        contained=0.625,
        false_positive=0.45,
        egar_v1=0.392,
        ttfc=10.6,
        blast_radius=0.44,
        violated_t1=0.0,
        violated_t2=0.20,
        violated_t3=0.0,
        reward=2.37,
        level="partially calibrated",
    ),
    PublishedResult(
        model="Gemini 3 Flash",
        contained=0.75,
        false_positive=0.575,
        egar_v1=0.429,
        ttfc=8.6,
        blast_radius=0.44,
        violated_t1=0.07,
        violated_t2=0.15,
        violated_t3=0.05,
        reward=2.61,
        level="partially calibrated",
    ),
    PublishedResult(
        model="DeepSeek v3.2",
        contained=0.925,
        false_positive=0.65,
        egar_v1=0.542,
        ttfc=9.0,
        blast_radius=0.42,
        violated_t1=0.05,
        violated_t2=0.15,
        violated_t3=0.10,
        reward=3.45,
        level="partially calibrated",
    ),
)
"""In the order of the published table."""
