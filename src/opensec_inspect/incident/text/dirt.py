"""What goes wrong when people type; machines do not."""

import re
from urllib.parse import quote

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.text.grammar import CLOSE, OPEN

CHARS_PER_TYPO = 300
SENT_FROM = (
    "Sent from Outlook for iOS",
    "Sent from my iPhone",
    "Get Outlook for Android",
    "Sent from my mobile, please excuse brevity",
    "Sent from Outlook for Mac",
    "Von meinem iPhone gesendet",
)
SHARE_SENT_FROM = 0.11
_FACT = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")
_WORD = re.compile(r"(?<![\w@./\\'-])[a-z]{5,}(?![\w@./\\'-])")


def typed(text: str, dice: Dice) -> str:
    """The text as somebody typed it: about one slip per 300 characters, never inside a fact."""
    facts = [match.span() for match in _FACT.finditer(text)]
    words = [
        match.span()
        for match in _WORD.finditer(text)
        if not any(start <= match.start() < end for start, end in facts)
    ]
    slips = len(text) // CHARS_PER_TYPO + dice.chance(len(text) % CHARS_PER_TYPO / CHARS_PER_TYPO)
    for start, end in sorted(dice.some(words, min(slips, len(words))), reverse=True):
        text = text[:start] + _slip(text[start:end], dice) + text[end:]
    return text


def sent_from(dice: Dice) -> str:
    """A telephone's last line, or nothing."""
    return dice.pick(SENT_FROM) if dice.chance(SHARE_SENT_FROM) else ""


def rewritten(url: str, gateway: str) -> str:
    """A link as a mail gateway rewrites it; `gateway` is the gateway's host name."""
    return f"https://{gateway}/?url={quote(url, safe='')}"


def _slip(word: str, dice: Dice) -> str:
    at = dice.between(1, len(word) - 2)
    kind = dice.below(3)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]
