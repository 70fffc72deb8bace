"""The sample list of `inspect view`: columns that exist, in an order that helps."""

from opensec_inspect.incident.edge import scorers
from opensec_inspect.incident.edge.viewer import viewer

KEYS = {
    "handling": scorers.keys_of("handling"),
    "oracle": scorers.keys_of("oracle"),
    "calibration": scorers.keys_of("calibration"),
    "injection": scorers.keys_of("injection"),
    "attacker": scorers.keys_of("attacker"),
    "conduct": scorers.keys_of("conduct"),
}


def test_every_score_the_view_names_is_one_that_a_scorer_gives() -> None:
    view = viewer().task_samples_view
    assert not isinstance(view, list | None)

    given = {f"score__{scorer}__{key}" for scorer, keys in KEYS.items() for key in keys}
    columns = [column.id for column in view.columns or [] if column.id.startswith("score__")]
    assert set(columns) <= given
    assert {entry.column for entry in view.sort or []} <= set(columns)
    keys = {name.split("__")[2] for name in columns}
    assert set(view.score_labels or {}) == keys
    assert set(view.score_color_scales or {}) <= keys


def test_wrong_containments_lead_the_list_and_its_order_in_cases_of_every_kind() -> None:
    view = viewer().task_samples_view
    assert not isinstance(view, list | None)

    assert [column.id for column in (view.columns or [])[:3]] == [
        "sampleStatus",
        "sampleId",
        "score__handling__wrong_containments",
    ]
    assert [(entry.column, entry.dir) for entry in view.sort or []] == [
        ("score__handling__wrong_containments", "desc"),
        ("score__handling__mistakes", "desc"),
        ("score__oracle__reward", "asc"),
    ]
