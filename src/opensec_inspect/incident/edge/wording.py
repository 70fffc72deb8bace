"""What people are told things are called, in transcripts and explanations."""

from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.naming import names_of

_ALIAS = {"host": 1, "user": 2, "domain": 0, "asset": 1}
"""Which alias people call an entity by: hostname, account, domain, path."""


def called(scenario: Scenario, entity: str) -> str:
    """What people call an entity; other texts (`unknown`) stay as they are."""
    if entity in ("unknown", "none"):
        return entity
    names = names_of(scenario, "desk")
    return names.aliases(entity)[_ALIAS[names.kind(entity)]]


def words(name: str | None) -> str:
    """A name from the code as words; empty for None."""
    return (name or "").replace("_", " ")


def listed(parts: list[str]) -> str:
    """Parts of a sentence joined with commas and `and`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
