"""The productions in `data/`, read once."""

import json
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.text.carriers import Carrier

Split = Literal["train", "eval"]
Relation = Literal["outside", "colleague", "it", "machine", "none"]
"""To whom somebody writes: over a company's border, to a colleague, to IT or security, as a machine, or
without greeting."""
Asked = Literal["nothing", "somebody", "it", "containment"]
"""Who is asked for something: nobody, a colleague or customer, IT or security for something ordinary, IT or
security for a containment that is not due."""


class Act(Frozen):
    """A speech act: what is said, where, to whom, and the facts it needs."""

    carrier: Carrier
    relation: Relation = "none"
    asked: Asked = "nothing"
    slots: tuple[str, ...]
    """Slots that must be given, besides none."""


class Productions(Frozen):
    """How an act is said in one split."""

    subject: tuple[str, ...] = ()
    """Mail subject or ticket summary; empty for carriers that have none."""
    body: tuple[str, ...] = ()
    """Whole texts between greeting and closing; `<a>…</a>` stands around the request. Where there are none,
    a text is put together from the sentences below."""
    text: tuple[str, ...] = ()
    """First sentences: what it is about."""
    detail: tuple[str, ...] = ()
    """Further sentences, each complete by itself."""
    ask: tuple[str, ...] = ()
    """Requests; empty for acts that ask for nothing."""
    earlier: tuple[str, ...] = ()
    """The earlier mail that is quoted below; empty where nothing is."""

    @property
    def all(self) -> tuple[str, ...]:
        """Every production."""
        return (*self.subject, *self.body, *self.text, *self.detail, *self.ask, *self.earlier)

    def only(self, production: int | None) -> "Productions":
        """The same with one of the whole texts; all of them for None."""
        if production is None or not self.body:
            return self
        return self.model_copy(update={"body": (self.body[production % len(self.body)],)})

    @property
    def asks(self) -> bool:
        """Whether it asks for something."""
        return bool(self.ask) or any("<a>" in one for one in self.body)


class Envelope(Frozen):
    """What stands around mails of one split."""

    greeting: dict[str, tuple[str, ...]]
    """By relation."""
    closing: dict[str, tuple[str, ...]]
    """By relation."""
    title: tuple[str, ...]
    """What people outside are, where a caller does not say."""
    disclaimer: tuple[str, ...]
    """Legal footers of companies outside; a company always uses the same."""


@cache
def acts() -> dict[str, Act]:
    """All acts by name."""
    return {name: Act.model_validate(stored) for name, stored in _read("acts.json").items()}


@cache
def productions(split: str) -> dict[str, Productions]:
    """The productions of a split by act. Raises BadInputError for an unknown split."""
    if split not in get_args(Split):
        raise one_of("split", split, get_args(Split))
    found: dict[str, Productions] = {}
    for part in ("outside", "inside", "desk", "machines", "voices"):
        stored = _read(f"{part}-{split}.json")
        found |= {name: Productions.model_validate(one) for name, one in stored.items()}
    return found


@cache
def envelope(split: str) -> Envelope:
    """Greetings, closings and footers of a split."""
    return Envelope.model_validate(_read(f"envelope-{split}.json"))


def _read(name: str) -> dict[str, object]:
    path = files("opensec_inspect.incident.text.data").joinpath(name)
    if not path.is_file():
        raise BadInputError(f"{name}: no such file among the package's texts; install the package again.")
    stored: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return stored
