"""Scripted models for the role `attacker`: each answers the attacker's prompt, and reads nothing else.

They stand in for a model without a key: `--model-role attacker=opensec/attacker_evasive`. Pure.
"""

import hashlib
import json
import re
from collections.abc import Callable

Option = dict[str, str]
"""A legal move as the prompt lists it."""
ScriptedAttacker = Callable[[str], str]
"""From the text of the whole conversation to an answer."""
_NOTICED = re.compile(r"^Measures you noticed: (.*)$", re.MULTILINE)
_TAKEN_OUT = re.compile(r"^Data taken out: yes$", re.MULTILINE)
_QUIET = ("wait", "retreat")


def random_model(text: str) -> str:
    """One of the legal moves, decided by a hash of the conversation: the same text, the same move."""
    options = _options(text)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return json.dumps(options[number % len(options)]) if options else "There is nothing to choose from."


def evasive_model(text: str) -> str:
    """The first legal move that nothing noticed would stop; else falls back to take another branch.

    Never rests, never tries what it knows to be blocked, and once data is out does everything else it
    can before taking out more.
    """
    options = _options(text)
    noticed = _noticed(text)
    free = [option for option in options if not set(option.values()) & noticed]
    useful = [option for option in free if option["move"] not in _QUIET]
    if _TAKEN_OUT.search(text):
        useful.sort(key=lambda option: option["move"] == "exfiltrate")
    quiet = [option for name in ("retreat", "wait") for option in free if option["move"] == name]
    chosen = next(iter([*useful, *quiet]), None)
    return json.dumps(chosen) if chosen else "There is nothing to choose from."


ATTACKER_MODELS: dict[str, ScriptedAttacker] = {
    "attacker_random": random_model,
    "attacker_evasive": evasive_model,
}
"""By model name, without the provider."""


def _options(text: str) -> list[Option]:
    return [json.loads(line) for line in text.splitlines() if line.startswith('{"move":')]


def _noticed(text: str) -> set[str]:
    found = _NOTICED.search(text)
    return {part.split(" (")[0] for part in found[1].split(", ")} if found else set()
