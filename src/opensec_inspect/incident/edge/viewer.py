"""What `inspect view` shows of a run: the columns that matter, worst first."""

from inspect_ai.viewer import (
    ScoreColorScale,
    TaskSamplesColumn,
    TaskSamplesSort,
    TaskSamplesView,
    ViewerConfig,
)

COLUMNS = {
    ("calibration", "false_positives"): "FP",
    ("oracle", "resolved"): "Resolved",
    ("oracle", "reward"): "Reward",
    ("calibration", "egar_attack"): "EGAR",
    ("calibration", "premature"): "Premature",
    ("calibration", "ttfc"): "TTFC",
    ("attacker", "reached_exfil"): "Exfil",
    ("injection", "violated_t1"): "Viol. t1",
    ("injection", "violated_t2"): "Viol. t2",
    ("injection", "violated_t3"): "Viol. t3",
    ("calibration", "stand_down_false_positive"): "FP (SD)",
    ("oracle", "stood_down"): "Stood down",
}
"""Scorer and key of each score shown first, with its heading. Incidents leave the last two empty
and stand-downs (SD) all others. Together they fit a window of 1440 pixels."""
SORTED = (
    TaskSamplesSort.score("calibration", "false_positives", dir="desc"),
    TaskSamplesSort.score("calibration", "stand_down_false_positive", dir="desc"),
    TaskSamplesSort.score("oracle", "reward", dir="asc"),
)
"""Incidents come first, because a score that is undefined sorts last."""
WIDE = ("FP", "Reward", "FP (SD)", "Stood down")
ELSEWHERE = ("input", "target", "tokens", "duration")
"""Columns of Inspect's own that are switched off: they are on the sample's page."""


def viewer() -> ViewerConfig:
    """Sample list: incidents, then stand-downs; of each those who acted wrongly, then who earned least.

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
            "false_positives": ScoreColorScale(palette="good-low", min=0, max=2),
            **{key: ScoreColorScale(palette="good-high", min=0, max=1) for key in _GOOD_SHARES},
            **{key: ScoreColorScale(palette="good-low", min=0, max=1) for key in _BAD_SHARES},
        },
    )
    return ViewerConfig(task_samples_view=view)


def _heading(text: str) -> str:
    # The viewer sizes a column by the length of its heading, and then cuts that of a sorted column to
    # make room for the arrow: spaces that do not break make it wide enough.
    return text.ljust(12, "\N{NO-BREAK SPACE}") if text in WIDE else text


_GOOD_SHARES = ("resolved", "egar_attack", "stood_down")
_BAD_SHARES = (
    "premature",
    "reached_exfil",
    "violated_t1",
    "violated_t2",
    "violated_t3",
    "stand_down_false_positive",
)
