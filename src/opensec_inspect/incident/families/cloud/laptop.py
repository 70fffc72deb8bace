"""What an intruder does on a person's own machine, and with a domain of its own."""

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.facts.entities import Account, DataAsset, Device, OutsideName
from opensec_inspect.incident.facts.events import AnyEvent, Connected, FileUsed, LoggedOn, Mailed, Started
from opensec_inspect.incident.facts.scenario import Move
from opensec_inspect.incident.families.cloud.tenant import Tenant
from opensec_inspect.incident.families.parts.common import slots


class Laptop:
    """A machine that holds a copy of some data."""

    def __init__(self, story: Tenant, device: Device, copied: DataAsset, uploader: str) -> None:
        self._story, self._draft, self._device, self._copied = story, story.draft, device, copied
        self._uploader = uploader
        organisation = self._draft.scene.organisation
        self._share = self._draft.dice("share").pick([a for a in organisation.assets if a.device])
        kinds = ("personal_cloud", "hosting")
        self._drop = self._draft.dice("drop").pick([n for n in organisation.names if n.category in kinds])
        laptops = [d for d in organisation.devices if d.role == "laptop" and d.id != device.id]
        self._next = self._draft.dice("next machine").pick(laptops)

    def moves(self, domain: OutsideName | None = None) -> tuple[Move, ...]:
        """What the machine gains; the copy goes to the domain, or without one to a public place."""
        story, host = self._story, self._device.id
        place = self._drop.domain if domain is None else domain.domain
        return (
            story.move("read_share", "access_data", "T1039", host=host, asset=self._share.id,
                       not_before=story.timing.access_at, events=(self._read_share(),)),
            story.move("take_copy", "exfiltrate", "T1567.002", host=host, asset=self._copied.id,
                       domain=None if domain is None else place, events=(self._upload(place, "copy"),)),
            story.move("take_share", "exfiltrate", "T1567.002", host=host, asset=self._share.id,
                       events=(self._upload(self._drop.domain, "share"),)),
            story.move("run_daily", "persist", "T1053.005", host=host, events=(self._task(),)),
            story.move("next_machine", "move_laterally", "T1021.002", host=host, to_host=self._next.id,
                       events=(self._reached(),)),
        )  # fmt: skip

    def written_to(self, next_victim: Account, domain: OutsideName) -> Move:
        """Mail from the domain wins another account: neither the machine nor the first account is needed."""
        return self._story.move(
            "write_to_next", "re_phish", "T1566.002", domain=domain.domain, to_account=next_victim.id,
            events=(mail_from(self._draft, self._story, domain, next_victim),),
        )  # fmt: skip

    def _read_share(self) -> AnyEvent:
        dice, path = self._draft.dice("read share"), self._share.path
        return FileUsed(
            id=self._draft.next_id(),
            at_ms=self._story.at("read share"),
            cause="case",
            device=str(self._share.device),
            account=self._device.id,
            origin=self._device.id,
            action="FileRead",
            folder=path,
            name="*",
            size=dice.between(90_000_000, 900_000_000),
            count=dice.between(310, 2_900),
            share=path.rsplit("\\", 1)[-1],
        )

    def _upload(self, place: str, purpose: str) -> AnyEvent:
        dice = self._draft.dice(f"upload {purpose}")
        return Connected(
            id=self._draft.next_id(),
            at_ms=self._story.at(f"upload {purpose}"),
            cause="case",
            device=self._device.id,
            binary=self._uploader,
            to=place,
            host_label="upload",
            bytes_out=dice.between(60_000_000, 700_000_000),
            bytes_in=dice.between(20_000, 900_000),
            duration_ms=dice.between(20_000, 110_000),
            method="POST",
            uri=f"/{dice.hex(10)}",
        )

    def _task(self) -> AnyEvent:
        name = self._draft.dice("task").pick(("\\Copy\\Resume", "\\Sync\\Daily", "\\Maintenance\\Files"))
        return Started(
            id=self._draft.next_id(),
            at_ms=self._story.at("task"),
            cause="case",
            device=self._device.id,
            account="SYSTEM",
            binary="schtasks",
            command_line=f'schtasks /Create /SC DAILY /TN "{name}" /TR C:\\ProgramData\\copy.cmd /ST 12:40',
            parent="cmd",
            action="ScheduledTaskCreated",
            object_name=name,
        )

    def _reached(self) -> AnyEvent:
        return LoggedOn(
            id=self._draft.next_id(),
            at_ms=self._story.at("reached"),
            cause="case",
            account=self._device.id,
            device=self._next.id,
            origin=self._device.id,
            logon_type=3,
        )


def mail_from(draft: Draft, story: Tenant, domain: OutsideName, to: Account) -> Mailed:
    """A mail with a link from a domain, in a move."""
    label = draft.dice(f"mail from|{to.id}").pick(("share", "docs", "view", "portal"))
    said = slots(draft, to, domain) | {"site": f"{label}.{domain.domain}"}
    text = draft.text("shared_file", f"mail from|{to.id}", **said)
    url = f"https://{label}.{domain.domain}/d/{draft.dice(f'path|{to.id}').hex(10)}"
    return Mailed(
        id=draft.next_id(),
        at_ms=story.at(f"mail from|{to.id}"),
        cause="case",
        sender=f"notify@{domain.domain}",
        sender_name=said["sender_company"],
        recipient=to.id,
        subject=text.subject,
        body=f"{text.body}\n{url}",
        urls=(url,),
        sender_ip=domain.addresses[0],
    )
