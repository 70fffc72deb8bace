"""The single acts of an intruder: events of moves, at moments within their step."""

from typing import Any

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, Device
from opensec_inspect.incident.facts.events import (
    AnyEvent,
    CloudOperated,
    Connected,
    FileUsed,
    LoggedOn,
    Mailed,
    SignedIn,
    Started,
)
from opensec_inspect.incident.facts.scenario import Move, MoveName
from opensec_inspect.incident.families.parts.common import EXCHANGE, browser, slots, user_agent

DISCOVERY = (
    ("whoami", "whoami.exe /all"),
    ("nltest", "nltest.exe /dclist:"),
    ("net", 'net.exe group "Domain Admins" /domain'),
    ("quser", "quser.exe"),
    ("systeminfo", "systeminfo.exe"),
)
WORKLOADS = {
    "FileDownloaded": "OneDrive",
    "FileAccessed": "SharePoint",
    "User registered security info": "AzureActiveDirectory",
}


class AttackEvents:
    """Writes acts from the intruder's own place on the net; sessions that it took over go on there."""

    def __init__(self, draft: Draft, timing: Timing) -> None:
        self._draft, self._timing = draft, timing
        hosting = [a for a in draft.scene.organisation.addresses if a.kind == "hosting"]
        self.address = draft.dice("intruder's address").pick(hosting).ip
        self.session = draft.guid("intruder's session")

    def move(
        self, name: MoveName, technique: str, events: tuple[AnyEvent, ...], *, id: str = "", **fields: Any
    ) -> Move:
        """A move of these acts; its id is its name unless given."""
        return Move(
            id=id or name,
            name=name,
            technique=technique,
            events=events,
            not_before=self._timing.strike_at,
            **fields,
        )

    def at(self, purpose: str) -> int:
        """A moment within the step of a move."""
        return self._draft.dice(f"move|{purpose}").between(4_000, self._timing.step_s * 900)

    def signed_in(self, account: Account, session: str, purpose: str, **fields: Any) -> AnyEvent:
        """A token of the account used from the intruder's place."""
        further: dict[str, Any] = {"app": EXCHANGE, "interactive": False} | fields
        return SignedIn(
            id=self._draft.next_id(),
            at_ms=self.at(purpose),
            cause="case",
            account=account.id,
            address=self.address,
            session=session,
            user_agent=user_agent(self._draft, "intruder"),
            mfa="previously satisfied",
            **further,
        )

    def operated(
        self, account: Account, session: str, operation: str, items: tuple[int, int], where: str, purpose: str
    ) -> AnyEvent:
        """An operation in the cloud on that many items, between the two numbers."""
        return CloudOperated(
            id=self._draft.next_id(),
            at_ms=self.at(purpose),
            cause="case",
            account=account.id,
            operation=operation,
            workload=WORKLOADS.get(operation, "Exchange"),
            address=self.address,
            session=session,
            app=EXCHANGE,
            object=where,
            items=self._draft.dice(f"items|{purpose}").between(*items),
            user_agent=browser(self._draft),
        )

    def mailed(self, sender: Account, to: Account, purpose: str) -> AnyEvent:
        """A mail from an account that is taken to a colleague."""
        said = slots(self._draft, to) | {"sender": sender.display_name}
        text = self._draft.text("wrong_attachment", purpose, **said)
        return Mailed(
            id=self._draft.next_id(),
            at_ms=self.at(purpose),
            cause="case",
            sender=sender.id,
            sender_name=sender.display_name,
            recipient=to.id,
            subject=text.subject,
            body=text.body,
        )

    def looked_around(self, device: Device, purpose: str, account: str = "SYSTEM") -> tuple[AnyEvent, ...]:
        """Two or three commands that tell about the machine and the domain."""
        dice = self._draft.dice(purpose)
        chosen = dice.shuffled(DISCOVERY)[: dice.between(2, 3)]
        return tuple(self.started(device, *one, f"{purpose} {one[0]}", account=account) for one in chosen)

    def started(
        self, device: Device, binary: str, line: str, purpose: str, *, account: str = "SYSTEM", **fields: Any
    ) -> AnyEvent:
        """A process on a machine."""
        return Started(
            id=self._draft.next_id(),
            at_ms=self.at(purpose),
            cause="case",
            device=device.id,
            account=account,
            binary=binary,
            command_line=line,
            **({"parent": "cmd"} | fields),
        )

    def packed(self, device: Device, purpose: str) -> AnyEvent:
        """An archive made with a password."""
        name = self._draft.dice(purpose).hex(6)
        folder = f"C:\\ProgramData\\{name}"
        line = f'"C:\\Program Files\\7-Zip\\7z.exe" a -p{name[:4]} {folder}.7z {folder}'
        return self.started(device, "sevenzip_cli", line, purpose)

    def sent(self, device: Device, domain: str, label: str, purpose: str, *, large: bool) -> AnyEvent:
        """A large upload, or a small fetch, by PowerShell."""
        dice = self._draft.dice(purpose)
        out = (60_000_000, 700_000_000) if large else (7_100, 19_000)
        return Connected(
            id=self._draft.next_id(),
            at_ms=self.at(purpose),
            cause="case",
            device=device.id,
            binary="powershell",
            to=domain,
            host_label=label,
            bytes_out=dice.between(*out),
            bytes_in=dice.between(20_000, 900_000),
            duration_ms=dice.between(20_000, 110_000),
            method="POST" if large else "GET",
            uri=f"/{dice.hex(10)}",
        )

    def logged_on(self, account: str, to: str, origin: Device, purpose: str, kind: int = 10) -> AnyEvent:
        """A log-on to another machine."""
        return LoggedOn(
            id=self._draft.next_id(),
            at_ms=self.at(purpose),
            cause="case",
            account=account,
            device=to,
            origin=origin.id,
            logon_type=kind,
        )

    def read_share(self, share: DataAsset, device: Device, purpose: str) -> AnyEvent:
        """A share read in bulk by a machine."""
        dice = self._draft.dice(purpose)
        return FileUsed(
            id=self._draft.next_id(),
            at_ms=self.at(purpose),
            cause="case",
            device=str(share.device),
            account=device.id,
            origin=device.id,
            action="FileRead",
            folder=share.path,
            name="*",
            size=dice.between(90_000_000, 900_000_000),
            count=dice.between(310, 2_900),
            share=share.path.rsplit("\\", 1)[-1],
        )
