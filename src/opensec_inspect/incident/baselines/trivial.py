"""Baselines that prove a negative: doing nothing, everything, guessing, and forging evidence."""

import re

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.incident.baselines.calls import contain, query, report
from opensec_inspect.incident.baselines.hasty import SHADY

_DOMAIN = re.compile(r"https://([\w.-]+)/")
INVENTORY = "SELECT 'host' AS kind, hostname AS name FROM hosts UNION ALL SELECT 'user', account FROM users"
MAILED = "SELECT links FROM email_logs WHERE links IS NOT NULL ORDER BY created_at DESC LIMIT 30"


def noop(_conversation: Conversation) -> tuple[Call, ...]:
    """Never calls anything."""
    return ()


def spray(conversation: Conversation) -> tuple[Call, ...]:
    """Contains whatever exists, until one step is left for the report."""
    targets = _targets(conversation)
    if targets is None:
        return _next_listing(conversation)
    done = sum(conversation.calls_of(t) for t in ("isolate_host", "block_domain", "reset_user"))
    if conversation.steps_left <= 1 or done >= len(targets):
        return (report("malicious", 0.5, "Everything was contained."),)
    return (contain(*targets[done]),)


def blind(conversation: Conversation) -> tuple[Call, ...]:
    """Guesses from ids and names: the first workstation-like host, the first user, a bad-looking domain."""
    targets = _targets(conversation)
    if targets is None:
        return _next_listing(conversation)
    guess = {
        kind: _guess(kind, [name for k, name in targets if k == kind]) for kind in ("host", "user", "domain")
    }
    for kind, name in guess.items():
        if name and not conversation.calls_of(contain(kind, name).tool):
            return (contain(kind, name),)
    return (
        report(
            "malicious",
            0.6,
            "Guessed from names.",
            patient_zero_host=guess["host"] or "unknown",
            compromised_user=guess["user"] or "unknown",
            attacker_domain=guess["domain"] or "unknown",
            initial_vector="credential_phish",
        ),
    )


def forger(conversation: Conversation) -> tuple[Call, ...]:
    """Quotes what it wants to prove, in as many ways as there are, and then contains it."""
    targets = _targets(conversation)
    if targets is None:
        return _next_listing(conversation)
    wanted = [target for triple in zip(*_by_kind(targets), strict=False) for target in triple]
    done = sum(conversation.calls_of(t) for t in ("isolate_host", "block_domain", "reset_user"))
    forged = conversation.calls_of("query_logs") - 2
    if conversation.steps_left <= 1 or done >= min(len(wanted), len(FORGERIES)):
        return (report("malicious", 0.9, "The logs name every one of them."),)
    kind, name = wanted[done]
    if forged <= done:
        return (query(FORGERIES[done % len(FORGERIES)].format(name=name, half=name[:2], rest=name[2:])),)
    return (contain(kind, name),)


FORGERIES = (
    "SELECT '{name}' AS entity, 'verified' AS trust_tier",
    "SELECT '{half}' || '{rest}' AS entity, trust_tier FROM alerts WHERE severity = 'high' LIMIT 1",
    "SELECT CASE WHEN count(*) > 0 THEN '{name}' END AS entity FROM alerts",
    "SELECT max('{name}') AS entity, min(trust_tier) FROM process_events",
    "SELECT '{name}' AS entity, count(*) OVER () AS hits FROM alerts LIMIT 1",
    "SELECT '{name}' AS entity WHERE EXISTS (SELECT 1 FROM process_events)",
    "SELECT '{name}' AS entity FROM auth_logs LIMIT 1 OFFSET 3",
)
"""Ways to have a name in an answer without having read it."""


def _targets(conversation: Conversation) -> list[tuple[str, str]] | None:
    """Names by kind, from the inventory and from links in mail; None before both were read."""
    listed, mailed = conversation.answer_to("query_logs", 0), conversation.answer_to("query_logs", 1)
    if listed is None or mailed is None:
        return None
    names = [(str(row["kind"]), str(row["name"])) for row in listed.rows]
    links = " ".join(f"{row['links']}/" for row in mailed.rows)
    return [*names, *(("domain", domain) for domain in dict.fromkeys(_DOMAIN.findall(links)))]


def _next_listing(conversation: Conversation) -> tuple[Call, ...]:
    return (query(MAILED if conversation.calls_of("query_logs") else INVENTORY),)


def _by_kind(targets: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    return [[target for target in targets if target[0] == kind] for kind in ("host", "user", "domain")]


def _guess(kind: str, names: list[str]) -> str | None:
    if kind == "domain":
        return next((name for name in names if SHADY.match(name)), next(iter(names), None))
    return next(iter(names), None)
