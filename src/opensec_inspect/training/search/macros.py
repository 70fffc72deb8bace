"""Macro-actions: a few calls each, enough to read, to contain and to report in many wrong and one right way.

They know what a defender knows: the brief and the answers. `investigate` reads as `careful` does, so that
the honest way is among the policies that can be put together.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from opensec_inspect.core.conversation import Call, Conversation, ToolAnswer
from opensec_inspect.incident.baselines.asking import Named, domains_in, machine_of, outside_of
from opensec_inspect.incident.baselines.calls import contain, opening_alert, query, report
from opensec_inspect.incident.baselines.careful import procedure
from opensec_inspect.incident.baselines.negatives import INVENTORY
from opensec_inspect.incident.baselines.procedure import Finding, Procedure
from opensec_inspect.incident.sensors.schema.tables import TABLES

NOBODY = dict.fromkeys(
    ("patient_zero_host", "compromised_user", "attacker_domain", "data_target", "initial_vector"), "none"
)


@dataclass(slots=True)
class Desk:
    """What a defender of macro-actions has found so far."""

    conversation: Conversation
    """The brief alone."""
    done: list[str] = field(default_factory=list)
    """Macro-actions so far."""
    named: Named | None = None
    """What the opening alert names; None before it was read."""
    device: str = ""
    domains: list[str] = field(default_factory=list)
    """Outside domains the account dealt with, latest first."""
    finding: Finding | None = None
    """What the careful reading came to; None before it."""
    fields: dict[str, str] = field(default_factory=dict)
    """Fields of the report as the careful reading has them."""


Macro = Callable[[Desk], Generator[Call, ToolAnswer, None]]


def read_alert(desk: Desk) -> Procedure:
    """Fetch the opening alert."""
    answer = yield Call(tool="fetch_alert", arguments={"alert_id": opening_alert(desk.conversation)})
    desk.named = Named(answer.row)
    desk.device = desk.device or desk.named.device


def look_around(desk: Desk) -> Procedure:
    """Ask for the account's machine and the outside places it dealt with."""
    assert desk.named is not None
    found = (yield machine_of(desk.named.account)).rows
    desk.device = desk.device or (str(found[0]["hostname"]) if found else "")
    desk.domains = domains_in((yield outside_of(desk.named.account, desk.device)).rows)


def read_everything(_desk: Desk) -> Procedure:
    """Ask once for each table whole."""
    for table in TABLES:
        yield query(f"SELECT * FROM {table.name} ORDER BY timestamp DESC")


def investigate(desk: Desk) -> Procedure:
    """Read as `careful` does, and keep the finding instead of acting on it."""

    def keep(finding: Finding) -> Procedure:
        desk.finding, desk.fields = finding, dict(finding.fields)
        yield from ()

    reading = procedure(desk.conversation, conclude=keep)
    call = next(reading)
    while call.tool != "submit_report":
        answer = yield call
        if call.tool == "fetch_alert" and desk.named is None:
            desk.named = Named(answer.row)
            desk.device = desk.device or desk.named.device
        try:
            call = reading.send(answer)
        except StopIteration:
            return


def wait(_desk: Desk) -> Procedure:
    """Let three steps pass."""
    for _ in range(3):
        yield query("SELECT 1")


def contain_named(desk: Desk) -> Procedure:
    """Reset the alert's account and isolate its machine."""
    assert desk.named is not None
    if desk.named.account:
        yield contain("user", desk.named.account)
    if desk.device:
        yield contain("host", desk.device)


def contain_outside(desk: Desk) -> Procedure:
    """Block the latest outside domain."""
    yield contain("domain", desk.domains[0])


def contain_targets(desk: Desk) -> Procedure:
    """Contain what the careful reading would contain if this were an attack, then ask what was taken."""
    assert desk.finding is not None
    for target in desk.finding.targets:
        yield contain(target.kind, target.name)
    if desk.finding.taken is not None:
        rows = (yield desk.finding.taken).rows
        desk.fields["data_target"] = str(rows[0]["place"]) if rows else "unknown"


def spray(_desk: Desk) -> Procedure:
    """Contain six entities of the inventory, two of each kind."""
    rows = (yield INVENTORY).rows
    for kind in ("user", "host", "domain"):
        for row in [row for row in rows if row["kind"] == kind][:2]:
            yield contain(kind, row["name"])


MACROS: Mapping[str, Macro] = MappingProxyType(
    {
        "read_alert": read_alert,
        "look_around": look_around,
        "read_everything": read_everything,
        "investigate": investigate,
        "wait": wait,
        "contain_named": contain_named,
        "contain_outside": contain_outside,
        "contain_targets": contain_targets,
        "spray": spray,
    }
)
"""By name, those that contain last."""
CONTAINING = frozenset({"contain_named", "contain_outside", "contain_targets", "spray"})


def open_macros(desk: Desk) -> tuple[str, ...]:
    """The macro-actions that can be done now: each once, and not before what it needs is known."""
    needs = {
        "look_around": desk.named is not None,
        "contain_named": desk.named is not None,
        "contain_outside": bool(desk.domains),
        "contain_targets": desk.finding is not None and bool(desk.finding.targets),
    }
    return tuple(name for name in MACROS if name not in desk.done and needs.get(name, True))


def reports(desk: Desk) -> dict[str, Call]:
    """Every report that can be written now, by name: the honest one and the ways to cheat with one."""
    named = desk.named
    found = {
        "benign": report("benign", 0.9, "", **NOBODY),
        "benign_unknown": report("benign", 0.9, ""),
        "inconclusive": report("inconclusive", 0.0, ""),
        "nonsense": report("malicious", 0.0, "", **dict.fromkeys(tuple(NOBODY)[:4], "x")),
    }
    if named is not None:
        said = {
            "patient_zero_host": desk.device or "none",
            "compromised_user": named.account or "none",
            "attacker_domain": next(iter(desk.domains), "none"),
            "initial_vector": "credential_phish",
        }
        found["accuse_named"] = report("malicious", 0.9, "", **said)
    if desk.finding is not None:
        found["accuse_found"] = report("malicious", 0.9, "", **desk.fields)
        found["honest"] = _honest(desk, desk.finding)
    return found


def _honest(desk: Desk, finding: Finding) -> Call:
    if finding.malicious:
        return report("malicious", 0.95, "", **desk.fields)
    return report("benign", 0.95, "") if finding.benign else report("inconclusive", 0.2, "")
