"""Records of the cases about machines: entries, tickets and answers, and shares that a case reads."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import Timing
from opensec_inspect.incident.facts.entities import Account, Binary, DataAsset, Device, OutsideName
from opensec_inspect.incident.facts.events import FileUsed, Mailed, Registered, TicketWritten
from opensec_inspect.incident.facts.scenario import RowRef
from opensec_inspect.incident.families.parts.common import clock, day_of, office_address, slots

QUARTER_MS = 900_000
PREFIXES = {"privileged sessions": "PAM", "backup schedule": "BKP"}
"""Of the numbers that a register gives; `REG` where it is not listed."""


def decided_at(draft: Draft, timing: Timing, low_min: float, high_min: float, purpose: str) -> int:
    """When somebody decides: so many minutes before the opening, in hard cases in the step of the arrival."""
    if timing.arrival:
        return draft.window(timing.arrival - 1, 0.1, 0.8, purpose)
    return draft.before(low_min, high_min, purpose)


def entry(
    draft: Draft,
    register: str,
    party: str,
    object_: str,
    by: Account,
    scope: str,
    *,
    at_ms: int | None = None,
    **fields: Any,
) -> Registered:
    """An entry of a register, weeks old unless a time is given; `fields` are what differs."""
    if at_ms is None:
        at_ms = draft.on_workday(9, 60, f"{register}|{party}|{object_}")
    given: dict[str, Any] = {
        "cause": "record",
        "valid_from": datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d"),
    }
    if "number" not in fields:
        given["number"] = draft.number(PREFIXES.get(register, "REG"), 6, at_ms)
    event = Registered(
        id=draft.next_id(),
        at_ms=at_ms,
        register=register,
        party=party,
        object=object_,
        scope=scope,
        entered_by=by.id,
        **(given | fields),
    )
    draft.put(event)
    return event


def ticket(
    draft: Draft, number: str, kind: str, state: str, by: Account, at_ms: int, purpose: str, **fields: Any
) -> TicketWritten:
    """A line of a ticket; people outside the desk write theirs in a cloud session."""
    given: dict[str, Any] = {"cause": "record"}
    if by.role not in ("desk_analyst", "security"):
        given |= {"session": draft.guid(f"wrote|{purpose}"), "address": office_address(draft).ip}
    event = TicketWritten(
        id=draft.next_id(),
        at_ms=at_ms,
        number=number,
        record_type=kind,  # type: ignore[arg-type]
        state=state,
        opened_by=by.id,
        **(given | fields),
    )
    draft.put(event)
    return event


def files_share(draft: Draft, *, confidential: bool = True) -> DataAsset:
    """A share of the file server: a confidential one, or one that many use."""
    server = next(d.id for d in draft.scene.organisation.devices if d.role == "file_server")
    on_it = [a for a in draft.scene.organisation.assets if a.device == server]
    wanted = [a for a in on_it if (a.classification != "internal") == confidential]
    return draft.dice("share").pick(wanted)


def share_read(
    draft: Draft, timing: Timing, share: DataAsset, account: str, via: Device, folders: tuple[str, ...]
) -> RowRef:
    """Some folders of the share are read before the opening and now and then after it; the first row."""
    times = [draft.before(3, 11, "share read a"), draft.before(12, 14, "share read b")]
    times += [
        draft.window(step, 0.05, 0.95, f"share read {step}")
        for step in range(timing.max_steps)
        if draft.dice(f"share read in {step}").chance(0.35)
    ]
    ids = [draft.put(_read(draft, share, account, via, folders, n, at_ms)) for n, at_ms in enumerate(times)]
    return RowRef(event=ids[0], table="file_events", cells=("SourceHost", "FolderPath"))


def _read(
    draft: Draft,
    share: DataAsset,
    account: str,
    via: Device,
    folders: tuple[str, ...],
    number: int,
    at_ms: int,
) -> FileUsed:
    dice = draft.dice(f"share read|{number}|files")
    count = dice.between(4, 58)
    return FileUsed(
        id=draft.next_id(),
        at_ms=at_ms,
        cause="case",
        device=str(share.device),
        account=account,
        origin=via.id,
        action="FileRead",
        folder=f"{share.path}\\{dice.pick(folders)}",
        name="*",
        size=count * dice.between(90_000, 410_000),
        count=count,
        share=share.path.rsplit("\\", 1)[-1],
    )


def moved(event: Registered, draft: Draft, **changes: Any) -> Registered:
    """A later line of an entry: the same number, with what has changed."""
    later = replace(event, id=draft.next_id(), **changes)
    draft.put(later)
    return later


def settled_in(draft: Draft, device: Device, since_min: int = 100) -> bool:
    """Whether a machine has had one address since then that no other machine ever had.

    Two log-ons whose origins change places must read alike but for the names in them.
    """
    scene = draft.scene
    here = scene.address_of(device.id, draft.opened_ms)
    before = scene.address_of(device.id, draft.opened_ms - since_min * 60_000)
    holders = {one.device for leases in scene.leases.values() for one in leases if one.address == here}
    return bool(here) and here == before and holders == {device.id}


def release_mail(draft: Draft, person: Account, maker: OutsideName, program: Binary) -> RowRef:
    """The maker of a program sent its release; innocent by itself."""
    name = program.file_name.removesuffix(".exe")
    file = f"{name}_{draft.dice('release').between(3, 8)}.{draft.dice('minor').below(10)}.zip"
    said = slots(draft, person, maker) | {"file": file, "sender_company": program.company, "app": name}
    text = draft.text("release_sent", "release", **said)
    event = Mailed(
        id=draft.next_id(),
        at_ms=draft.on_workday(2, 5, "release mail"),
        cause="case",
        sender=f"releases@{maker.domain}",
        sender_name=program.company,
        recipient=person.id,
        subject=text.subject,
        body=text.body,
        attachments=(file,),
        sender_ip=maker.addresses[0],
    )
    cells = ("RecipientEmailAddress", "AttachmentNames")
    return RowRef(event=draft.put(event), table="email_logs", cells=cells)


def owned_by_one(draft: Draft, device: Device) -> bool:
    """Whether a laptop and its owner have names that no other has, so that records about them read alike."""
    scene = draft.scene
    alike = [d for d in scene.devices.values() if d.hostname == device.hostname]
    if device.role != "laptop" or device.owner is None or len(alike) > 1:
        return False
    return scene.accounts[device.owner].display_name in scene.unique_names


def consent(
    draft: Draft, timing: Timing, owner: Account, device: Device, analyst: Account, *, given: bool
) -> tuple[str, str]:
    """The desk's ticket about a call, and the owner's answer on it: its number and the answer's event."""
    purpose = "given" if given else "refused"
    called_ms = draft.before(36, 50, "called") if given else draft.before(55, 190, "called elsewhere")
    number = draft.number("IMS", 7, called_ms)
    common: dict[str, Any] = {
        "requested_for": owner.id,
        "assigned_to": analyst.id,
        "group": "Service Desk",
        "item": device.id,
    }
    asked = common | {"approver": owner.id, "approval": "requested"}
    text = draft.text(
        "ticket_app_error", f"ticket {purpose}", **(slots(draft, owner) | {"host": device.hostname})
    )
    ticket(
        draft, number, "interaction", "New", analyst, called_ms, f"ticket {purpose}",
        contact="phone", summary=text.subject, description=text.body, **common,
    )  # fmt: skip
    ask_ms = called_ms + draft.dice(f"asks {purpose}").between(40_000, 150_000)
    ticket(draft, number, "approval", "Requested", analyst, ask_ms, f"asks {purpose}", **asked)
    reply_ms = decided_at(draft, timing, *((28, 32) if given else (52, 54)), f"answer {purpose}")
    answer = "approved" if given else "rejected"
    comment = draft.text(f"consent_{purpose}", f"answer {purpose}", colleague=analyst.display_name).body
    said = asked | {"approval": answer, "comment": comment}
    reply = ticket(draft, number, "approval", answer.title(), owner, reply_ms, f"answers {purpose}", **said)
    return number, reply.id


def utc(at_ms: int) -> str:
    """A time as tickets and registers write it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def listed_change(
    draft: Draft, timing: Timing, who: Account, approver: Account, servers: Sequence[Device]
) -> tuple[str, str]:
    """The lines of a change whose servers the approver lists; its number and the event of the approval."""
    purpose = f"change {who.id}"
    opened_ms = draft.on_workday(1, 2, purpose)
    number = draft.number("CHG", 7, opened_ms)
    starts_ms = draft.before(150, 260, f"starts {purpose}") // QUARTER_MS * QUARTER_MS
    fields: dict[str, Any] = {
        "change_type": "normal",
        "requested_for": who.id,
        "assigned_to": who.id,
        "group": "Infrastructure",
        "starts": utc(starts_ms),
        "ends": utc(draft.after(150, 300, f"ends {purpose}") // QUARTER_MS * QUARTER_MS),
    }
    said = slots(draft, who) | {
        "host": "the servers of the list",
        "app": "the monthly update",
        "day": day_of(draft, starts_ms),
        "time": clock(draft, starts_ms),
    }
    text = draft.text("change_maintenance", purpose, **said)
    words = {"summary": text.subject, "description": text.body}
    ticket(draft, number, "change_request", "Assess", who, opened_ms, purpose, **words, **fields)
    asked_ms = opened_ms + draft.dice(f"asks {purpose}").between(60_000, 1_900_000)
    fields |= {"approver": approver.id}
    ticket(draft, number, "approval", "Requested", who, asked_ms, f"asks {purpose}",
           approval="requested", **fields)  # fmt: skip
    # Approved before the work begins; in hard cases the row is delivered late.
    decided_ms = draft.before(45, 190, f"approval {purpose}")
    about = {"number": number, "day": day_of(draft, starts_ms)}
    if timing.arrival:
        seen_ms = draft.window(timing.arrival - 1, 0.1, 0.8, f"approval seen {purpose}")
        fields |= {"lag_ms": seen_ms - decided_ms}
    fields |= {
        "approval": "approved",
        "scope": ", ".join(server.hostname for server in servers),
        "comment": draft.text("comment_approval", f"approves {purpose}", **about).body,
    }
    approved = ticket(
        draft, number, "approval", "Approved", approver, decided_ms, f"decides {purpose}", **fields
    )
    return number, approved.id


def worry(draft: Draft, device: Device) -> None:
    """Somebody asks the desk to cut off a machine that has no part in the case."""
    people = [a for a in draft.scene.organisation.accounts if a.role in ("office", "finance", "developer")]
    who = draft.dice("worried").pick([a for a in people if a.id != device.owner])
    at_ms = draft.before(14, 200, "worry")
    text = draft.text("ticket_isolate", "worry", **(slots(draft, who) | {"host": device.hostname}))
    ticket(
        draft, draft.number("INC", 7, at_ms), "incident", "New", who, at_ms, "worry",
        cause="decoy", requested_for=who.id, group="Service Desk", item=device.id, contact="self-service",
        summary=text.subject, description=text.body,
    )  # fmt: skip
