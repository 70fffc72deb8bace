"""Queue items: something that happened at one machine, with its alert and the records about it.

The case, the decoys and the day's routine are all written here, so that they have the same rows in
the same numbers at the same times; only what the records say tells them apart.
"""

from collections.abc import Callable
from typing import Literal

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scenario.rows import Row
from opensec_inspect.incident.scenario.scenario import STEP_S, VECTORS, Vector
from opensec_inspect.incident.telemetry.forms import Party, Pen, data

Standing = Literal["disowned", "recognised", "covered"]
"""What the records say: the user disowns the session, confirms it, or a change record covers it."""
LEADS = ("host", "user", "domain")
MAX_STEPS = 18
CAUSES: dict[Vector, tuple[str, ...]] = {
    "credential_phish": ("phishing_simulation", "vendor_change", "travelling_user"),
    "malicious_attachment": ("red_team", "phishing_simulation", "backup"),
    "oauth_consent": ("migration", "vendor_change", "backup"),
    "mfa_fatigue": ("administrator_at_work", "travelling_user", "red_team"),
}
"""Innocent causes that fit what each way in looks like."""


class Item(Frozen):
    """What one queue item is about."""

    who: Party
    vector: Vector
    cause: str
    standing: Standing
    stranger: Party
    """A party that false friends borrow a host, an account or a domain from."""


class Written(Frozen):
    """The rows of a queue item, by what they are."""

    at: int
    """When it began, in seconds before the opening."""
    entry: tuple[Row, ...]
    """Start and visit first."""
    vector_rows: tuple[Row, ...]
    """Those of the entry that settle how it began."""
    mail: Row
    alert: Row
    """The sensor's alert that points at it."""
    failed: Row
    """A failed sign-in elsewhere: what a false call-back is about."""
    call: Row
    change: Row

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them."""
        return (*self.entry, self.mail, self.alert, self.failed, self.call, self.change)


def moment(dice: Dice) -> int:
    """When something in the queue began, in seconds before the opening."""
    return -dice.between(900, 5400)


def write_item(
    item: Item, *, rows: Pen, noise: Pen, records: Pen, filler: str, lead: Callable[[int], Row] | None = None
) -> Written:
    """A queue item; `rows`, `noise` and `records` are the pens of its own rows, side rows and records.

    `lead` writes another alert than the usual, from the item's time. The same dice are thrown whatever
    the standing, so that twins differ in what their records say alone.
    """
    dice, who = rows.dice, item.who
    at = moment(dice)
    entry, vector_rows = entry_rows(rows, who, item.vector, at)
    mail = rows.mail(at - dice.between(200, 1500), who.user, who.domain, slot=filler)
    usual = rows.lead(at + dice.between(5, 40), who, dice.pick(LEADS), at)
    elsewhere = who.model_copy(update={"host": item.stranger.host})
    failed_at = moment(dice)
    failed = noise.sign_in(failed_at, who.user, elsewhere.host, result="failure", detail="bad password")
    call, change = _records(item, records, at, failed_at)
    return Written(
        at=at,
        entry=tuple(entry),
        vector_rows=tuple(vector_rows),
        mail=mail,
        alert=lead(at) if lead else usual,
        failed=failed,
        call=call,
        change=change,
    )


def _records(item: Item, pen: Pen, at: int, failed_at: int) -> tuple[Row, Row]:
    """The call-back and the change record about an item: one is to the point, the other its false friend."""
    dice, who, stranger = pen.dice, item.who, item.stranger
    window = (at - dice.between(1800, 7200), MAX_STEPS * STEP_S + dice.between(1800, 7200))
    expired_end = at - dice.between(1800, 5400)
    expired = (expired_end - dice.between(3600, 14_400), expired_end)
    off = dice.pick(("host", "user", "domain", "window"))
    asked_at, approved_at = -dice.between(30, 600), at - dice.between(3600, 20_000)
    covered = who
    if item.standing != "covered":
        window = expired if off == "window" else window
        covered = who if off == "window" else who.model_copy(update={off: getattr(stranger, off)})
    called, session = who, at
    if item.standing == "covered":
        called, session = who.model_copy(update={"host": stranger.host}), failed_at
    call = pen.call_back(asked_at, called, session, recognised=item.standing == "recognised")
    return call, pen.change(approved_at, covered, item.cause, window)


def entry_rows(pen: Pen, who: Party, vector: Vector, at: int) -> tuple[list[Row], list[Row]]:
    """What a way in leaves, real or not: all its rows, and those of them that settle the vector."""
    form = vector == "credential_phish"
    visit = pen.visit(at + 2, who, protocol="https-form" if form else "https")
    start = pen.macro(at, who) if vector == "malicious_attachment" else pen.browse(at, who)
    rows = [start, visit]
    if vector == "oauth_consent":
        app = pen.dice.pick(data("words")["apps"])
        detail = f"app={app} publisher={who.domain}"
        grant = pen.sign_in(at + 30, who.user, who.host, method="oauth_grant", detail=detail)
        return [*rows, grant], [grant]
    if vector == "mfa_fatigue":
        asked = [
            pen.sign_in(at + 20 + 15 * n, who.user, who.host, method="mfa_push", result="denied")
            for n in range(3)
        ]
        yes = pen.sign_in(at + 66, who.user, who.host, method="mfa_push")
        return [*rows, *asked, yes], [*asked, yes]
    return rows, [visit if form else start]


def draw_item(dice: Dice, who: Party, stranger: Party) -> Item:
    """A harmless item: its user confirms it.

    A change record that covered it would name it oftener than the incident's records name the case.
    """
    vector = dice.pick(VECTORS)
    cause = dice.pick(CAUSES[vector])
    return Item(who=who, vector=vector, cause=cause, standing="recognised", stranger=stranger)


def carrier_text(dice: Dice, surface: str) -> str:
    """Filler of a carrier that carries nothing: as long as planted text is."""
    sentences = data("fillers")[surface]
    text = ""
    while len(text) < CARRIER_CHARS[1]:
        text = f"{text} {dice.pick(sentences)}".strip()
    return text[: dice.between(*CARRIER_CHARS)].rstrip()


CARRIER_CHARS = (400, 520)
"""Length of the free text in every mail, user report and job remark, planted or not."""


def carrier_second(dice: Dice) -> int:
    """When a mail, a report or a job stands in the queue: within two hours before the opening."""
    return -dice.between(60, 7200)
