"""A text with one place left open: what stands around a request, to an exact length.

Planted texts, placebos and ordinary requests are written into the same shells, so that nothing but the
request itself tells them apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.text.carriers import length
from opensec_inspect.incident.text.dirt import typed
from opensec_inspect.incident.text.grammar import expand, plain
from opensec_inspect.incident.text.letters import closing, opening
from opensec_inspect.incident.text.stock import Act, Productions, Split, acts, envelope, productions

WORDINGS = 5
"""Renderings of each sentence that may fill a text."""
DETAILS = 11
"""Sentences of a voice that a shell chooses from."""
ASKS = (0, 1, 2, 3, 4)
"""Ordinary requests that may fill a text, beside the one it is about."""
TITLES = (
    "IT Operations",
    "Customer Support",
    "Security Operations",
    "Service Delivery",
    "Information Security",
)
"""Whoever writes such a text works there."""
SHARE_TYPED = 0.04
"""Sentences of these voices that were not proof-read."""
USUAL = 130
"""Characters of a usual request."""
MOST = 2500
"""Characters that no text exceeds."""


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything of a text but its request."""

    head: str
    first: str
    """The sentence that says what it is about."""
    details: tuple[tuple[str, ...], ...]
    """Further sentences, several renderings each."""
    tails: tuple[str, ...]
    """Closings to choose from."""
    quote: str
    """Stands before the request: `> ` in a quoted mail, else nothing."""

    def position(self, sentence: str) -> int:
        """Where a sentence stands among the details."""
        return next(at for at, known in enumerate(self.details) if sentence in known)

    def fixed(self, core: str) -> int:
        """Characters of everything but details and closing."""
        return len(self.head) + len(self.first) + 1 + len(self.quote) + len(core)


def shell(voice: str, facts: Mapping[str, str], split: Split, dice: Dice) -> Shell:
    """A shell of a voice."""
    act, said, around = acts()[voice], productions(split)[voice], envelope(split)
    title = Dice(f"desk|{facts['sender_company']}").pick(TITLES)
    facts = {"sender_title": title, **facts}
    head = plain(opening(act.relation, around, facts, dice)) if act.carrier == "mail" else ""
    return Shell(
        head=head,
        first=_sentence(act, dice.pick(said.text), facts, dice),
        details=_details(act, said, facts, dice),
        tails=_tails(act, facts, split, dice),
        quote="> " if voice == "forwarded_thread" else "",
    )


def filled(around: Shell, cores: tuple[str, ...], drawn: int, seed: str) -> tuple[str, ...]:
    """The shell around each of the requests, all equally long: as near as it goes to `drawn` characters.

    The longest request counts most, or a text that encodes its own would have little else to say.
    """
    dice = Dice(seed)
    fillings = _fillings(dice.shuffled(around.details))
    tails = dice.shuffled(around.tails)
    sizes = [len(core) for core in cores]
    drawn += (max(sizes) + sum(sizes) // len(sizes)) // 2 - USUAL
    fits = [_Fit(around.fixed(core), fillings, tails) for core in cores]
    for size in sorted(range(MOST), key=lambda size: abs(size - drawn)):
        if all(fit.tail(size) is not None for fit in fits):
            break
    at = dice.below(3)
    return tuple(_joined(around, core, fit, size, (at, seed)) for core, fit in zip(cores, fits, strict=True))


def drawn_length(voice: str, dice: Dice) -> int:
    """How long a text of the voice should be."""
    return length("bulletin" if acts()[voice].carrier == "mail" else "form", dice)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Which lengths a shell can have around one request."""

    fixed: int
    fillings: dict[int, tuple[str, ...]]
    tails: list[str]

    def tail(self, size: int) -> str | None:
        """The closing with which a filling of that length exists; None when there is none."""
        return next((tail for tail in self.tails if size - self.fixed - len(tail) in self.fillings), None)


def _fillings(details: list[tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """For every length that some of the sentences have together: which."""
    found: dict[int, tuple[str, ...]] = {0: ()}
    for renderings in details:
        for used, chosen in list(found.items()):
            for one in renderings:
                found.setdefault(used + len(one) + 1, (*chosen, one))
    return found


def _joined(around: Shell, core: str, fit: _Fit, size: int, place: tuple[int, str]) -> str:
    tail = fit.tail(size)
    assert tail is not None, f"no filling of {size} characters around {core!r}"
    # In the order they were written in, which is that of a letter: what happened, what follows, requests.
    details = sorted(fit.fillings[size - fit.fixed - len(tail)], key=around.position)
    # The request stands at the end, in the middle, or right after the first sentence.
    at = (len(details), (len(details) + 1) // 2, 0)[place[0]]
    breaks, text = Dice(f"breaks|{place[1]}"), around.first
    for line in (*details[:at], around.quote + core, *details[at:]):
        text += ("\n" if around.quote else breaks.pick((" ", " ", "\n"))) + line
    return around.head + text + tail


def _details(
    act: Act, said: Productions, facts: Mapping[str, str], dice: Dice
) -> tuple[tuple[str, ...], ...]:
    """Sentences in several renderings, and ordinary requests among them, so that a request is no sign."""
    asks = dice.some(said.ask, dice.pick(ASKS))
    kept = set(dice.some(said.detail, min(DETAILS, len(said.detail))))
    # In a quoted mail a sentence begins with the mark that the others have.
    marked = [f"> {ask}" if said.detail[0].startswith(">") else ask for ask in asks]
    return tuple(
        tuple(dict.fromkeys(_sentence(act, detail, facts, dice) for _ in range(WORDINGS)))
        for detail in (*(one for one in said.detail if one in kept), *marked)
    )


def _sentence(act: Act, production: str, facts: Mapping[str, str], dice: Dice) -> str:
    text = expand(production, {**facts, "time": _near(facts["time"], dice)}, dice)
    careful = act.relation == "machine" or not dice.chance(SHARE_TYPED)
    return plain(text if careful else typed(text, dice))


def _near(time: str, dice: Dice) -> str:
    """A time of day within the half hour before: no two things happen in one minute."""
    hour, _, minute = time.partition(":")
    if not hour.isdigit() or not minute.isdigit():
        return time
    at = max(0, int(hour) * 60 + int(minute) - dice.below(30))
    return f"{at // 60:02d}:{at % 60:02d}"


def _tails(act: Act, facts: Mapping[str, str], split: Split, dice: Dice) -> tuple[str, ...]:
    if act.relation == "machine":
        return tuple(f"\n\n-- \n{facts['sender_company']} - {dice.hex(n)}" for n in range(6, 33))
    if act.carrier == "web_form":
        who = (f"\n{facts['sender']}", f"\n{facts['sender']}, {facts['sender_company']}")
        return ("", *who, *(f"\n(form entry {dice.hex(n)})" for n in range(6, 25)))
    around = envelope(split)
    return tuple(dict.fromkeys(plain(closing(act.relation, around, facts, dice)) for _ in range(60)))
