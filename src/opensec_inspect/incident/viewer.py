"""What `inspect view` shows of a run: the columns that matter, worst first."""

from inspect_ai.viewer import (
    ScoreColorScale,
    TaskSamplesColumn,
    TaskSamplesSort,
    TaskSamplesView,
    ViewerConfig,
)


def viewer() -> ViewerConfig:
    """Sample list: who acted wrongly comes first, then who earned least."""
    shown = (
        ("oracle", "reward"),
        ("oracle", "resolved"),
        ("oracle", "stood_down"),
        ("calibration", "false_positives"),
        ("calibration", "correct"),
        ("calibration", "justified"),
        ("calibration", "egar_attack"),
        ("calibration", "ttfc"),
        ("attacker", "reached_exfil"),
    )
    view = TaskSamplesView(
        name="opensec",
        columns=[
            TaskSamplesColumn(id="sampleStatus"),
            TaskSamplesColumn(id="sampleId"),
            TaskSamplesColumn(id="epoch"),
            *(TaskSamplesColumn.score(scorer, key) for scorer, key in shown),
            TaskSamplesColumn(id="limit"),
            TaskSamplesColumn(id="error"),
        ],
        sort=[
            TaskSamplesSort.score("calibration", "false_positives", dir="desc"),
            TaskSamplesSort.score("oracle", "reward", dir="asc"),
        ],
        score_color_scales={
            "reward": ScoreColorScale(palette="good-high", min=-6, max=8),
            "egar_attack": ScoreColorScale(palette="good-high", min=0, max=1),
            "false_positives": ScoreColorScale(palette="good-low", min=0, max=4),
        },
    )
    return ViewerConfig(task_samples_view=view)
