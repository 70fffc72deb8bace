"""Every metric in code is defined in docs/metrics.md, and the other way round."""

import re
from pathlib import Path

from opensec_inspect.incident.edge import scorers

TEXT = (Path(__file__).parents[1] / "docs" / "metrics.md").read_text(encoding="utf-8")
TABLES = TEXT[TEXT.index("## Per episode: scorer `handling`") : TEXT.index("## Over episodes")]
DEFINED = {
    name
    for line in TABLES.splitlines()
    if line.startswith("| `")
    for name in re.findall(r"`(\w+)`", line.split("|")[1])
}
IN_CODE = {
    key
    for keys in (
        scorers.keys_of("handling"),
        scorers.keys_of("oracle"),
        scorers.keys_of("calibration"),
        scorers.keys_of("injection"),
        scorers.keys_of("attacker"),
        scorers.keys_of("conduct"),
    )
    for key in keys
}


def test_every_metric_in_code_is_defined_and_every_defined_one_is_in_code() -> None:
    undefined, gone = sorted(IN_CODE - DEFINED), sorted(DEFINED - IN_CODE)

    assert len(DEFINED) >= 50
    assert not undefined, f"docs/metrics.md should define {undefined}, each below the heading of its scorer"
    assert not gone, f"docs/metrics.md defines {gone}, which no scorer has"


def test_pooled_egar_is_defined() -> None:
    assert "`egar_pooled` is gated actions / actions" in TEXT
