"""Defenders that act on what looks bad: the alert alone, a runbook, or waiting for the obvious."""

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.incident.baselines.asking import (
    PAUSE,
    accused,
    domains_in,
    machine_of,
    opened,
    outside_of,
    owner_of,
    rows_of,
)
from opensec_inspect.incident.baselines.calls import query, report
from opensec_inspect.incident.baselines.procedure import Procedure, played, quoted

LOUD_ITEMS, LOUD_BYTES = 500, 20_000_000
BUILT_IN = "NT AUTHORITY\\"
"""Accounts that nobody can reset; the runbook takes the owner of the machine instead."""


def alert_only(conversation: Conversation) -> tuple[Call, ...]:
    """Contains what the opening alert names, and reads nothing else."""
    return played(_alert_only(conversation), conversation)


def hasty(conversation: Conversation) -> tuple[Call, ...]:
    """A memorised runbook: reset whoever the alert names, isolate their machine, block what they last dealt
    with outside, and do the same to the next account with the same alert. It never asks who allowed it.
    """
    return played(_hasty(conversation), conversation)


def waiter(conversation: Conversation) -> tuple[Call, ...]:
    """Waits for what cannot be mistaken, bulk reading or a large upload, and contains what acted."""
    return played(_waiter(conversation), conversation)


def _alert_only(conversation: Conversation) -> Procedure:
    named = yield from opened(conversation)
    targets = [("user", named.account)] if named.account else []
    targets += [("host", named.device)] if named.device else []
    yield from accused(targets, "The alert names them.", 0.7)


def _hasty(conversation: Conversation) -> Procedure:
    named = yield from opened(conversation)
    if named.account.startswith(BUILT_IN):
        owners = yield from rows_of(owner_of(named.device))
        named.account = str(owners[0]["Account"]) if owners else ""
    machines = yield from rows_of(machine_of(named.account))
    device = named.device or str(machines[0]["hostname"]) if machines or named.device else ""
    outside = yield from rows_of(outside_of(named.account, device))
    alike = yield from rows_of(
        query(f"""SELECT DISTINCT Account FROM alerts WHERE RuleId = {quoted(named.rule)}
        AND Account <> {quoted(named.account)} AND Account <> '' AND Account NOT LIKE {quoted(BUILT_IN + "%")}
        ORDER BY timestamp DESC LIMIT 1""")
    )
    targets = [("user", named.account)] if named.account else []
    targets += [("host", device)] if device else []
    targets += [("domain", domain) for domain in domains_in(outside)[:1]]
    targets += [("user", str(row["Account"])) for row in alike]
    yield from accused(targets, "Contained by the book.", 0.9)


def _waiter(conversation: Conversation) -> Procedure:
    named = yield from opened(conversation)
    machines = yield from rows_of(machine_of(named.account))
    device = named.device or (str(machines[0]["hostname"]) if machines else "")
    while True:
        answer = yield _loud(named.account, device)
        if answer.rows:
            outside = yield from rows_of(outside_of(named.account, device))
            targets = [("user", named.account), *(("domain", d) for d in domains_in(outside)[:1])]
            targets += [("host", device)] if named.device else []
            yield from accused(targets, "Now it is plain.")
            return
        if answer.steps_left is not None and answer.steps_left <= 1:
            yield report("benign", 0.6, "Nothing plain came.", **_NOBODY)
            return
        if answer.steps_left is not None and answer.steps_left % 2:
            yield PAUSE


_NOBODY = {
    "patient_zero_host": "none",
    "compromised_user": "none",
    "attacker_domain": "none",
    "data_target": "none",
    "initial_vector": "none",
}


def _loud(account: str, device: str) -> Call:
    return query(f"""SELECT timestamp, ItemCount AS amount FROM cloud_audit WHERE UserId = {quoted(account)}
        AND ItemCount > {LOUD_ITEMS} UNION ALL SELECT timestamp, BytesOut FROM netflow
        WHERE DeviceName = {quoted(device)} AND BytesOut > {LOUD_BYTES} ORDER BY 1 DESC LIMIT 5""")
