"""Legs that several families share: what settles one, and how it is broken."""

from collections.abc import Sequence
from dataclasses import replace

from opensec_inspect.incident.cases.draft import Draft, Swap
from opensec_inspect.incident.cases.group import Timing
from opensec_inspect.incident.facts.entities import Account
from opensec_inspect.incident.facts.events import SignedIn
from opensec_inspect.incident.facts.scenario import RowRef
from opensec_inspect.incident.families.parts.common import LegRows, register, user_agent


def place_leg(reached: str, refused: str, allowed: str, *, of: str = "Party") -> LegRows:
    """Where the case's connection went, where another machine's was refused, and the entry that allows one.

    `of` is the entry's cell that ties it to the case.
    """
    swap = Swap(table="netflow", fields=("to",), deciding=(reached,), context=(refused,))
    settles = (
        RowRef(event=reached, table="netflow", cells=("DeviceName", "ServerName")),
        RowRef(event=allowed, table="registers", cells=(of, "Object")),
    )
    return LegRows(swap=swap, settles=settles)


def failed_attempt(draft: Draft, first: SignedIn, address: str, device: str) -> SignedIn:
    """Somebody else's attempt at the same account: a wrong password from another place and device."""
    return replace(
        first,
        cause="mismatched_party",
        outcome="bad_password",
        address=address,
        foreign_device=device,
        session=draft.guid("failed session"),
        user_agent=user_agent(draft, "failed agent"),
        interactive=True,
        result=50126,
        mfa="",
    )


def device_leg(
    draft: Draft,
    timing: Timing,
    first: SignedIn,
    failed: SignedIn,
    person: Account,
    analyst: Account,
    apps: Sequence[str],
) -> LegRows:
    """A session's token refreshes show its device; another device tried the account and failed.

    `first` is a refresh at the time of the sign-in; three are written between it and the opening.
    """
    elapsed = draft.opened_ms - first.at_ms
    refreshes = []
    for number, share in enumerate((0.08, 0.35, 0.7)):
        jitter = draft.dice(f"refresh {number}").between(0, elapsed // 8)
        event = replace(
            first, id=draft.next_id(), at_ms=first.at_ms + int(elapsed * share) + jitter, app=apps[number]
        )
        refreshes.append(draft.put(draft.late(event, timing.arrival)))
    attempt = replace(failed, id=draft.next_id(), at_ms=draft.before(90, 400, "failed attempt"))
    context = draft.put(draft.late(attempt, timing.arrival))
    held = register(
        draft, "devices held", person, first.foreign_device, analyst, "own device, enrolled for mail"
    )
    swap = Swap(table="auth_logs", fields=("foreign_device",), deciding=tuple(refreshes), context=(context,))
    settles = (
        RowRef(event=refreshes[0], table="auth_logs", cells=("SessionId", "DeviceId")),
        RowRef(event=held, table="registers", cells=("Party", "Object")),
    )
    return LegRows(swap=swap, settles=settles)
