"""What the player has been shown so far, for completion and the notebook. Pure."""

import re
from collections.abc import Iterator

from opensec_inspect.core.conversation import Conversation, ToolAnswer
from opensec_inspect.frozen import Frozen

_INVENTORY = re.compile(r"^- (\w+)\(([^)]*)\)$", re.MULTILINE)
_EVIDENCE = re.compile(r"^- (\w+) \((\w+)\): .*\. (\w+(?:, \w+)*)$", re.MULTILINE)
_IN_EVERY_TABLE = ("timestamp", "trust_tier", "source")
_ITEM = re.compile(r"\b(?:em|al)-[0-9a-z]+\b")
_DOMAIN = re.compile(r"\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\b(?![\w.-]*@)", re.IGNORECASE)
"""Not the part of an address before its @."""
_FILE = re.compile(
    r"\.(exe|dll|ps1|docx?|xlsx?|pptx?|pdf|txt|lnk|zip|7z|csv|json|log|xml|png|tmp|bat|js|hta)$", re.I
)
_WORD = re.compile(r"[A-Za-z0-9][\w.@-]{2,}\w")
_KIND_OF_COLUMN = {
    "host": re.compile(r"host|device|ip$|address", re.IGNORECASE),
    "user": re.compile(r"user|account|owner|email|recipient|party|requestedfor", re.IGNORECASE),
    "asset": re.compile(r"asset|path|share", re.IGNORECASE),
}
_LONGEST_NAME = 80


class Seen(Frozen):
    """Everything with a name that has been shown."""

    tables: dict[str, tuple[str, ...]]
    """Columns by table, as the system text lists them."""
    emails: tuple[str, ...]
    """Ids, in the order first shown."""
    alerts: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    """Values by kind: `host`, `user`, `domain`, `asset`."""
    words: tuple[str, ...]
    """Words of evidence that could be a name, of four characters or more."""
    fetched: frozenset[str]
    """Ids of mails and alerts that were read whole."""

    @property
    def unread(self) -> tuple[str, ...]:
        """Mails and alerts that were announced or listed and never fetched."""
        return tuple(id_ for id_ in (*self.alerts, *self.emails) if id_ not in self.fetched)

    @property
    def values(self) -> tuple[str, ...]:
        """All ids and names, each once."""
        listed = (*self.alerts, *self.emails, *(name for names in self.names.values() for name in names))
        return tuple(dict.fromkeys(listed))


def seen(system: str, conversation: Conversation) -> Seen:
    """What system text, brief and answers have shown."""
    texts = [conversation.brief, *(exchange.answer for exchange in conversation.exchanges)]
    ids = tuple(dict.fromkeys(id_ for text in texts for id_ in _ITEM.findall(text)))
    answers = [ToolAnswer(exchange) for exchange in conversation.exchanges]
    cells = [pair for answer in answers for pair in _cells(answer)]
    said = (str(cell) for answer in answers for row in (*answer.rows, answer.row) for cell in row.values())
    words = [word for text in said for word in _WORD.findall(text)]
    domains = [found for text in texts for found in _DOMAIN.findall(text) if not _FILE.search(found)]
    fetched = {str(answer.row.get(key)) for answer in answers for key in ("email_id", "alert_id")}
    return Seen(
        tables=_tables(system),
        emails=tuple(id_ for id_ in ids if id_.startswith("em-")),
        alerts=tuple(id_ for id_ in ids if id_.startswith("al-")),
        names={kind: _of_kind(cells, column) for kind, column in _KIND_OF_COLUMN.items()}
        | {"domain": tuple(dict.fromkeys(domains))},
        words=tuple(dict.fromkeys(word for word in words if not _ITEM.match(word))),
        fetched=frozenset(fetched & {*ids}),
    )


def _tables(system: str) -> dict[str, tuple[str, ...]]:
    evidence = {
        name: (id_, *columns.split(", "), *_IN_EVERY_TABLE)
        for name, id_, columns in _EVIDENCE.findall(system)
    }
    return evidence | {name: tuple(columns.split(", ")) for name, columns in _INVENTORY.findall(system)}


def _cells(answer: ToolAnswer) -> Iterator[tuple[str, str]]:
    for row in (*answer.rows, answer.row):
        for column, cell in row.items():
            if isinstance(cell, str) and cell and len(cell) <= _LONGEST_NAME and " " not in cell:
                yield column, cell


def _of_kind(cells: list[tuple[str, str]], column: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell for name, cell in cells if column.search(name)))
