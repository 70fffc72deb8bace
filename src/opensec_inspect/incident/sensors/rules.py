"""The detection rules, compiled; their Sigma sources stand in the repository's `rules` folder."""

import json
from functools import cache
from importlib.resources import files

from opensec_inspect.frozen import Frozen


class Count(Frozen):
    """How often a condition must be met before an alert is raised."""

    group_by: tuple[str, ...]
    """Columns: only rows that agree in these are counted together."""
    window_s: int
    """At most half an hour: whoever resumes needs the last hour of rows."""
    at_least: int


class Rule(Frozen):
    """A detection rule."""

    number: int
    """Number of the rule's file; also the part of its alert rows."""
    id: str
    """Name of the rule's file; of a rule that raises cases, the alert family."""
    name: str
    severity: str
    """`informational`, `low`, `medium` or `high`."""
    description: str
    tactic: str
    technique: str
    family: str | None
    """Alert family of the cases that it raises; None for ordinary noise."""
    table: str
    condition: str
    """SQL over the table's columns."""
    reads: tuple[str, ...]
    """Columns that the condition reads."""
    shows: dict[str, str]
    """Column of the row by column of the alert."""
    count: Count | None
    """None for a rule that needs one row."""
    falsepositives: tuple[str, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by number."""
    text = files("opensec_inspect.incident.data").joinpath("rules.json").read_text(encoding="utf-8")
    return tuple(map(Rule.model_validate, json.loads(text)))


@cache
def rule_of(id_: str) -> Rule:
    """The rule with that id. Raises KeyError for another."""
    return {rule.id: rule for rule in rules()}[id_]
