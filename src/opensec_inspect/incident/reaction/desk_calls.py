"""People whom containment stopped call the service desk."""

from datetime import UTC, datetime, timedelta

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.facts.entities import Account
from opensec_inspect.incident.facts.events import AnyEvent, CloudOperated, Connected, SignedIn
from opensec_inspect.incident.facts.lists import side_of
from opensec_inspect.incident.facts.numbers import record_number
from opensec_inspect.incident.facts.records import Checked, TicketWritten
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.text.acts import write

MINUTE_MS = 60_000
DAY_MS = 1_440 * MINUTE_MS
CALL_AFTER_MIN = (4, 19)
"""Minutes from being stopped to the call, lowest and highest."""
CHECKED_SHARE = 0.45
"""Share of locked-out callers whom the desk calls back before it unlocks anything; a setting."""
REACHED_SHARE = 0.75
BROWSERS = frozenset({"msedge.exe", "chrome.exe", "firefox.exe"})
SKIPPED = (3, 44)
"""Numbers of records left out before a call's, so that two calls, or a call and routine, seldom share one."""
COMPLAINING_SHARE = 0.3
"""Share of people who call about a page that is blocked; a setting."""


def calls_about(
    event: AnyEvent, contained_entity: str, contained: frozenset[str], scene: Scene
) -> tuple[TicketWritten | Checked, ...]:
    """The call of the person whom the containment of an entity stopped, and perhaps the desk's check.

    Nothing for machines, outside the person's hours, when no analyst is on duty, and for what people do not
    notice. Keyed by person, entity and day, so that somebody calls once whatever else they try.
    """
    caller = scene.accounts.get(getattr(event, "account", None) or "")
    if caller is None or caller.role == "service" or not _on_shift(caller, event.at_ms, scene):
        return ()
    key = "|".join((scene.seed, caller.id, contained_entity, str(event.at_ms // DAY_MS)))
    dice = Dice(f"{key}|call")
    if contained_entity in scene.names and not (_browsing(event, scene) and dice.chance(COMPLAINING_SHARE)):
        return ()
    at_ms = event.at_ms + dice.between(*CALL_AFTER_MIN) * MINUTE_MS + dice.below(MINUTE_MS)
    analyst = _analyst(caller, at_ms, contained, scene, dice)
    if analyst is None:
        return ()
    call = _call(
        event, contained_entity, caller, analyst, at_ms=at_ms, scene=scene, dice=dice, id_=f"call-{key}"
    )
    if contained_entity != caller.id or not dice.chance(CHECKED_SHARE):
        return (call,)
    return call, _check(call, caller, analyst, scene, dice, f"check-{key}")


def _call(
    event: AnyEvent,
    entity: str,
    caller: Account,
    analyst: Account,
    *,
    at_ms: int,
    scene: Scene,
    dice: Dice,
    id_: str,
) -> TicketWritten:
    stopped = scene.devices.get(entity)
    slots = {
        "app": _application(event),
        "time": _clock(event.at_ms - event.at_ms % (5 * MINUTE_MS), scene),
        "host": stopped.hostname if stopped else "",
        "domain": entity,
    }
    act = (
        "ticket_offline" if stopped else "ticket_locked_out" if entity == caller.id else "ticket_page_blocked"
    )
    text = write(act, slots, dice, side_of(scene.organisation.key))
    return TicketWritten(
        id=id_,
        at_ms=at_ms,
        cause=event.cause if event.cause == "routine" else "decoy",
        number=record_number(scene.organisation.key, "IMS", 7, at_ms, dice.between(*SKIPPED)),
        record_type="interaction",
        state="New",
        opened_by=analyst.id,
        requested_for=caller.id,
        assigned_to=analyst.id,
        group="Service Desk",
        item=stopped.id if stopped else "",
        contact="phone",
        summary=text.subject,
        description=text.body,
    )


def _check(
    call: TicketWritten, caller: Account, analyst: Account, scene: Scene, dice: Dice, id_: str
) -> Checked:
    reached = dice.chance(REACHED_SHARE)
    at_ms = call.at_ms + dice.between(2, 9) * MINUTE_MS + dice.below(MINUTE_MS)
    slots = {
        "caller": caller.display_name,
        "about": call.number,
        "time": _clock(at_ms, scene),
        "initials": "".join(word[0] for word in analyst.display_name.split()),
    }
    act = "check_confirmed" if reached else "check_unreachable"
    return Checked(
        id=id_,
        at_ms=at_ms,
        cause=call.cause,
        number=record_number(scene.organisation.key, "IDV", 7, at_ms, dice.between(*SKIPPED)),
        about=call.number,
        subject=caller.id,
        method="call_back",
        number_source="personnel_system",
        performed_by=analyst.id,
        answer="confirmed" if reached else "unreachable",
        note=write(act, slots, dice, side_of(scene.organisation.key)).body,
    )


def _browsing(event: AnyEvent, scene: Scene) -> bool:
    """Whether a person looks on: what programs do in the background nobody notices."""
    if not isinstance(event, Connected):
        return False
    program = scene.binaries.get(event.binary or "")
    return program is None or program.file_name.lower() in BROWSERS


def _application(event: AnyEvent) -> str:
    """What the caller says does not work."""
    return (event.app if isinstance(event, SignedIn | CloudOperated) else "") or "Windows"


def _analyst(
    caller: Account, at_ms: int, contained: frozenset[str], scene: Scene, dice: Dice
) -> Account | None:
    """Somebody of the desk who is on duty and can write."""
    desk = [
        one
        for one in scene.accounts.values()
        if one.role == "desk_analyst" and one.id not in contained and one.id != caller.id
    ]
    on_duty = [one for one in desk if _on_shift(one, at_ms, scene)]
    return dice.pick(on_duty) if on_duty else None


def _on_shift(account: Account, at_ms: int, scene: Scene) -> bool:
    hour = _local(at_ms, scene).hour
    begins, ends = account.shift
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends


def _clock(at_ms: int, scene: Scene) -> str:
    return f"{_local(at_ms, scene):%H:%M}"


def _local(at_ms: int, scene: Scene) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC) + timedelta(hours=scene.organisation.timezone_h)
