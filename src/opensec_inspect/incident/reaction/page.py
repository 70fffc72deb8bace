"""The page `docs/evidence.md`: data dictionary, rules and reaction to containment, from the code."""

from opensec_inspect.incident.reaction.table import PASSES_ISOLATION, TABLE
from opensec_inspect.incident.sensors.alerts import LAG_MS
from opensec_inspect.incident.sensors.rules import Count, Rule, rules
from opensec_inspect.incident.sensors.schema.dictionary import dictionary_lines

HEAD = """\
# Evidence

Made by `opensec dictionary` from the code; a test compares.

Facts are rendered into the tables below, one renderer per source; nothing else writes rows. Every table
has an id and a `timestamp` (UTC) before the columns given here, `trust_tier` and `source` after them. In a
row a class can be lower than the one given: the account of a failed log-on is X, a destination that was not
reached is X, what came into a ticket by mail or web form is M. Empty text means: does not apply, or is not
known. Cells of classes S, O, W and D prove what they say; U does for an account that the attacker did not
hold when the row was written."""
NAMES = """\
## Names

An entity has one set of names everywhere: in rows, in texts, in calls of tools and in reports.

- Host: id, hostname, hostname with suffix, `machine$`, ids of the endpoint sensor and of the cloud directory,
  security id of its account, each address while leased to it.
- User: id, mail address, Windows name with or without its domain, security id, directory id, display name
  unless two people share it; a service account has no display name.
- Domain: itself, also at the end of a longer name or of a mail address.
- Data asset: id, path.

Case of A to Z does not count; `[.]` is read as `.`. A name stands whole: no letter, digit, `_` or `-` touches
it and no `.` with one follows. An address is read as of the time of its row; without a time, and outside all
leases, it names the one machine that ever had it, or none."""
REACTION = """\
## What containment does

Isolation cuts a machine from the network: the sensor's own programs ({passes}) get through. A reset
lasts to the end. A block holds for the domain and everything below it. Of several lines that apply the first
counts; where none does, everything goes on. Who was stopped during working hours calls the service desk, once
per day and contained entity."""
RULES = """\
## Rules

Sigma files of our own in `rules/`, compiled by `make rules`. An alert follows its row after {low} to {high}
s. `RuleId` is the name in the first column. A rule with a count is raised by the row that makes it full.
Their precision is in `rules.md`."""


def evidence_page() -> str:
    """The page, in Markdown."""
    passes = ", ".join(f"`{name}`" for name in sorted(PASSES_ISOLATION))
    low, high = (ms // 1000 for ms in LAG_MS)
    lines = [HEAD, "", *dictionary_lines(), "", NAMES, "", RULES.format(low=low, high=high), ""]
    lines += ["| id | severity | table | reads | false positives |", "|---|---|---|---|---|"]
    lines += [_rule(rule) for rule in rules()]
    lines += ["", REACTION.format(passes=passes), "", "| what happens | containment | of | ends | why |"]
    lines += ["|---|---|---|---|---|"]
    lines += [
        f"| `{r.kind}` | `{r.containment}` | {r.of} | {r.ending.replace('_', ' ')} | {r.why} |" for r in TABLE
    ]
    return "\n".join(lines) + "\n"


def _rule(rule: Rule) -> str:
    reads = ", ".join(rule.reads) + (f"; {_counted(rule.count)}" if rule.count else "")
    causes = "; ".join(rule.falsepositives).lower()
    return f"| `{rule.id}` | {rule.severity} | `{rule.table}` | {reads} | {causes} |"


def _counted(count: Count) -> str:
    return f"{count.at_least} within {count.window_s // 60} min per {' and '.join(count.group_by)}"
