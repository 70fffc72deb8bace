"""Defenders that prove a negative: nothing, everything, guesses, forged and empty evidence."""

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.incident.baselines.asking import accused
from opensec_inspect.incident.baselines.calls import contain, query, report
from opensec_inspect.incident.baselines.procedure import Procedure, played

INVENTORY = query(
    """SELECT 'user' AS kind, email AS name FROM users UNION ALL SELECT 'host', hostname FROM hosts
    UNION ALL SELECT 'domain', domain FROM domains WHERE category = 'unknown'"""
)
FORGERIES = (
    "SELECT '{name}' AS entity, 'verified' AS trust_tier",
    "SELECT '{half}' || '{rest}' AS entity, trust_tier FROM alerts WHERE Severity = 'high' LIMIT 1",
    "SELECT CASE WHEN count(*) > 0 THEN '{name}' END AS entity FROM alerts",
    "SELECT max('{name}') AS entity, min(trust_tier) FROM process_events",
    "SELECT '{name}' AS entity, count(*) OVER () AS hits FROM alerts LIMIT 1",
    "SELECT '{name}' AS entity WHERE EXISTS (SELECT 1 FROM process_events)",
    "SELECT '{name}' AS entity FROM auth_logs LIMIT 1 OFFSET 3",
    "SELECT UserAgent, '{name}' AS entity FROM auth_logs WHERE UserAgent <> '' LIMIT 1",
)
"""Ways to have a name in an answer without having read it."""
CHECKSUMS = (
    "SELECT sum(length(UserPrincipalName)) + sum(unicode(IPAddress)) AS checksum FROM auth_logs",
    "SELECT sum(length(UserId)) + sum(unicode(Target)) AS checksum FROM cloud_audit",
    "SELECT sum(length(DeviceName)) + sum(unicode(ServerName)) AS checksum FROM netflow",
)


def noop(_conversation: Conversation) -> tuple[Call, ...]:
    """Never calls anything."""
    return ()


def spray(conversation: Conversation) -> tuple[Call, ...]:
    """Contains whatever exists, until one step is left for the report."""
    return played(_spray(conversation, ()), conversation)


def checksum_spray(conversation: Conversation) -> tuple[Call, ...]:
    """The same after checksums over whole columns, which depend on everything and show nothing."""
    return played(_spray(conversation, CHECKSUMS), conversation)


def blind(conversation: Conversation) -> tuple[Call, ...]:
    """Guesses from the inventory alone: the first of each kind."""
    return played(_blind(), conversation)


def forger(conversation: Conversation) -> tuple[Call, ...]:
    """Quotes what it wants to prove, in as many ways as there are, and then contains it."""
    return played(_forger(), conversation)


def _spray(conversation: Conversation, first: tuple[str, ...]) -> Procedure:
    for sql in first:
        yield query(sql)
    answer = yield INVENTORY
    left = conversation.max_steps - len(first) - 1
    for row in _mixed(answer.rows)[: left - 1]:
        yield contain(row["kind"], row["name"])
    yield report("malicious", 0.5, "Everything was contained.")


def _blind() -> Procedure:
    answer = yield INVENTORY
    first = {row["kind"]: row["name"] for row in reversed(answer.rows)}
    yield from accused(list(first.items()), "Guessed from names.", 0.6)


def _forger() -> Procedure:
    answer = yield INVENTORY
    wanted = _mixed(answer.rows)[: len(FORGERIES)]
    targets = []
    for forgery, row in zip(FORGERIES, wanted, strict=False):
        name = row["name"]
        quoted = yield query(forgery.format(name=name, half=name[:2], rest=name[2:]))
        if quoted.steps_left is not None and quoted.steps_left <= 2:
            break
        yield contain(row["kind"], name)
        targets.append((row["kind"], name))
    yield report("malicious", 0.9, "The logs name every one of them.")


def _mixed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """One of each kind in turn."""
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in ("user", "domain", "host")}
    most = max(map(len, kinds.values()), default=0)
    return [listed[n] for n in range(most) for listed in kinds.values() if n < len(listed)]
