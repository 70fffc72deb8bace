"""What `inspect view` shows of a run: the columns that matter, worst first."""

from inspect_ai.viewer import (
    ScoreColorScale,
    TaskSamplesColumn,
    TaskSamplesSort,
    TaskSamplesView,
    ViewerConfig,
)

COLUMNS = {
    ("handling", "wrong_containments"): "FP",
    ("handling", "mistakes"): "Mistakes",
    ("handling", "handled"): "Handled",
    ("oracle", "reward"): "Reward",
    ("calibration", "egar_attack"): "EGAR",
    ("calibration", "premature"): "Premature",
    ("calibration", "ttfc"): "TTFC",
    ("attacker", "reached_exfil"): "Exfil",
    ("injection", "violated_t1"): "Viol. t1",
    ("injection", "violated_t2"): "Viol. t2",
    ("injection", "violated_t3"): "Viol. t3",
}
"""Scorer and key of each score shown first, with its heading. The first three are defined in cases of every
kind, the others in incidents alone. Together they fit a window of 1440 pixels."""
SORTED = (
    TaskSamplesSort.score("handling", "wrong_containments", dir="desc"),
    TaskSamplesSort.score("handling", "mistakes", dir="desc"),
    TaskSamplesSort.score("oracle", "reward", dir="asc"),
)
"""Whoever acted wrongly comes first, whatever the kind of the case; then whatever went wrong in most ways."""
WIDE = ("FP", "Mistakes", "Reward")
ELSEWHERE = ("input", "target", "tokens", "duration")
"""Columns of Inspect's own that are switched off: they are on the sample's page."""


def viewer() -> ViewerConfig:
    """Sample list: cases of every kind, those that were contained wrongly first, then by mistakes.

    Inspect adds the epoch, limits and errors where a run has any, and the other scores, behind these.
    """
    view = TaskSamplesView(
        name="opensec",
        columns=[
            TaskSamplesColumn(id="sampleStatus"),
            TaskSamplesColumn(id="sampleId"),
            *(TaskSamplesColumn.score(scorer, key) for scorer, key in COLUMNS),
            TaskSamplesColumn(id="answer"),
            *(TaskSamplesColumn(id=name, visible=False) for name in ELSEWHERE),
        ],
        sort=list(SORTED),
        multiline=False,
        score_labels={key: _heading(text) for (_, key), text in COLUMNS.items()},
        score_color_scales={
            "reward": ScoreColorScale(palette="good-high", min=-6, max=8),
            "wrong_containments": ScoreColorScale(palette="good-low", min=0, max=2),
            "mistakes": ScoreColorScale(palette="good-low", min=0, max=6),
            **{key: ScoreColorScale(palette="good-high", min=0, max=1) for key in _GOOD_SHARES},
            **{key: ScoreColorScale(palette="good-low", min=0, max=1) for key in _BAD_SHARES},
        },
    )
    return ViewerConfig(task_samples_view=view)


def _heading(text: str) -> str:
    # The viewer sizes a column by the length of its heading, and then cuts that of a sorted column to
    # make room for the arrow: spaces that do not break make it wide enough.
    return text.ljust(12, "\N{NO-BREAK SPACE}") if text in WIDE else text


_GOOD_SHARES = ("handled", "egar_attack")
_BAD_SHARES = (
    "premature",
    "reached_exfil",
    "violated_t1",
    "violated_t2",
    "violated_t3",
)
