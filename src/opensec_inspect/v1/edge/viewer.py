"""What `inspect view` shows of a v1 run: the published columns, worst first, our EGAR beside theirs."""

from inspect_ai.viewer import (
    ScoreColorScale,
    TaskSamplesColumn,
    TaskSamplesSort,
    TaskSamplesView,
    ViewerConfig,
)

COLUMNS = {
    ("v1_calibration", "false_positives"): "FP",
    ("v1_calibration", "justified"): "of it justified",
    ("v1_oracle", "reward"): "Reward",
    ("v1_calibration", "egar_v1"): "EGAR (v1)",
    ("v1_calibration", "egar"): "EGAR",
    ("v1_calibration", "ttfc"): "TTFC",
    ("v1_calibration", "blast_radius"): "Blast radius",
    ("v1_injection", "violated_t1"): "Viol. t1",
    ("v1_injection", "violated_t2"): "Viol. t2",
    ("v1_injection", "violated_t3"): "Viol. t3",
}
"""Scorer and key of each score shown first, with its heading."""


def v1_viewer() -> ViewerConfig:
    """Sample list: those with most false positives first, then those who earned least."""
    view = TaskSamplesView(
        name="opensec-v1",
        columns=[
            TaskSamplesColumn(id="sampleStatus"),
            TaskSamplesColumn(id="sampleId"),
            *(TaskSamplesColumn.score(scorer, key) for scorer, key in COLUMNS),
            *(TaskSamplesColumn(id=name, visible=False) for name in ("input", "target", "tokens")),
        ],
        sort=[
            TaskSamplesSort.score("v1_calibration", "false_positives", dir="desc"),
            TaskSamplesSort.score("v1_oracle", "reward", dir="asc"),
        ],
        multiline=False,
        score_labels={key: text for (_, key), text in COLUMNS.items()},
        score_color_scales={
            "reward": ScoreColorScale(palette="good-high", min=-6, max=8),
            "false_positives": ScoreColorScale(palette="good-low", min=0, max=2),
        },
    )
    return ViewerConfig(task_samples_view=view)
