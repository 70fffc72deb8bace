"""How many alerts of each rule are about an attack: `python -m rules.measuring > docs/rules.md`.

Groups of every family that can be drawn, one per organisation, are played by nobody, and what their members'
queues hold at the end is counted. An alert is true when it is about the case of an incident.
"""

import sys
from collections import Counter

from opensec_inspect.incident.behaviours.routine import day, history
from opensec_inspect.incident.facts.organisations import PER_SIDE, organisation
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.generate.build import FAMILIES, build_group, group_plan
from opensec_inspect.incident.generate.rows_by_step import rows_by_step
from opensec_inspect.incident.sensors.alerts import Detection, cell_of
from opensec_inspect.incident.sensors.rendering import render
from opensec_inspect.incident.sensors.rules import rules
from opensec_inspect.incident.sensors.schema.tables import TABLE

ORGANISATIONS = tuple(f"{side}-{n}" for side in ("train", "eval") for n in range(PER_SIDE))

HEAD = """\
# Precision of the rules

Measured by `python -m rules.measuring`: one group per family and organisation, {families} families and
{organisations} organisations, four members each, at `desk`, played by nobody. A queue holds the alerts of
the organisation's history and day, and those of the scenario. *Precision* is the share of a rule's alerts in
all queues that are about the case of an incident; rules that are there for ordinary noise have none. It is
low because a queue holds several days of everybody's work. What the rules read and how they count is in
`evidence.md`.

"""
RULE_ID = TABLE["alerts"].all_columns.index("RuleId")


def routine_alerts(key: str) -> Counter[str]:
    """Alerts by rule over history and day of an organisation at `desk`."""
    scene = Scene(organisation=organisation(key, "desk"))
    events = (*history(key, "desk"), *day(key, "desk"))
    rows = sorted((row for event in events for row in render(event, scene)), key=lambda row: row.at_ms)
    alerts = Detection().fire([(str(n), row) for n, row in enumerate(rows)])
    return Counter(str(cell_of(row, "RuleId")) for row in alerts)


def case_alerts(key: str) -> tuple[Counter[str], Counter[str]]:
    """Alerts of scenarios by rule, beside routine: about the attacks, and about everything else."""
    true, other = Counter[str](), Counter[str]()
    for family in FAMILIES:
        for scenario in build_group(family, group_plan(f"measured|{family}|{key}", key, "standard")):
            attacked = scenario.kind == "incident"
            for row in (row for step in rows_by_step(scenario) for row in step if row.table == "alerts"):
                (true if attacked and row.cause == "case" else other)[str(row.cells[RULE_ID])] += 1
    return true, other


def table() -> str:
    """The figures in Markdown."""
    routine = sum((routine_alerts(key) for key in ORGANISATIONS), Counter())
    true, other = Counter[str](), Counter[str]()
    for key in ORGANISATIONS:
        of_attacks, of_others = case_alerts(key)
        true, other = true + of_attacks, other + of_others
    lines = [
        "| rule | of routine, per organisation | of scenarios, in all | about an attack | precision |",
        "|---|---|---|---|---|",
    ]
    members = 4 * len(FAMILIES)
    for rule in rules():
        usual, about = routine[rule.id] / len(ORGANISATIONS), true[rule.id]
        seen = routine[rule.id] * members + other[rule.id] + about
        share = f"{100 * about / seen:.0f} %" if seen else "never raised"
        lines.append(f"| `{rule.id}` | {usual:.1f} | {other[rule.id] + about} | {about} | {share} |")
    head = HEAD.format(families=len(FAMILIES), organisations=len(ORGANISATIONS))
    benign = 1 - sum(true.values()) / sum((*true.values(), *other.values(), members * sum(routine.values())))
    lines += ["", f"Of all alerts in all queues {100 * benign:.1f} % are about nothing bad."]
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
