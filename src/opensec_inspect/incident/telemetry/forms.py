"""How each kind of row is written: one form per kind, for incident, decoys and background alike.

Because all rows come from these forms, nothing about a row's shape tells who left it.
"""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from opensec_inspect.core.clock import stamp
from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scenario.network import Host, User
from opensec_inspect.incident.scenario.rows import (
    AlertRow,
    AuthRow,
    EmailRow,
    LeftBy,
    NetflowRow,
    ProcessRow,
    Row,
    Source,
)


@lru_cache(maxsize=8)
def data(name: str) -> Any:
    """A JSON file of the package's data folder, parsed; read once."""
    text = (files("opensec_inspect.incident") / "data" / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)


class Party(Frozen):
    """Who does something, where, with whom: the slots of a form."""

    host: Host
    user: User
    domain: str


class Pen:
    """Writes rows of one origin with fresh keys, its dice deciding what the form leaves open."""

    def __init__(self, prefix: str, left_by: LeftBy, dice: Dice, opened_at: str) -> None:
        self._prefix, self._left_by = prefix, left_by
        self._count = 0
        self.dice = dice
        self.opened_at = opened_at

    def head(self, second: int, source: Source) -> dict[str, Any]:
        """The fields every row has."""
        self._count += 1
        key = f"{self._prefix}-{self._count}"
        return {"key": key, "second": second, "source": source, "left_by": self._left_by}

    def mail(self, second: int, to: User, domain: str, *, slot: str = "") -> Row:
        """A mail from outside with a link."""
        words, dice = data("words"), self.dice
        link = f"https://{domain}/{dice.hex(6)}"
        word = domain.split(".")[0]
        body = dice.pick(words["mail_bodies"]).format(name=to.name.split()[0], link=link, word=word)
        attached = dice.pick(words["attachments"]).format(n=dice.between(100, 999))
        return EmailRow(
            **self.head(second, "inbound-mail"),
            sender=f"{dice.pick(('office', 'hello', 'service', 'mail', 'team'))}@{domain}",
            recipient=to.email,
            subject=dice.pick(words["mail_subjects"]),
            body=f"{body} {slot}" if slot else body,
            links=link,
            attachments=attached if dice.chance(0.3) else None,
        )

    def visit(
        self, second: int, who: Party, *, protocol: str = "https", verdict: str = "allowed", big: bool = False
    ) -> Row:
        """A connection from a host to a domain outside."""
        out = self.dice.between(40_000_000, 900_000_000) if big else self.dice.between(900, 90_000)
        return NetflowRow(
            **self.head(second, "network-telemetry"),
            host_id=who.host.id,
            dst_host=None,
            dst_domain=who.domain,
            dst_port=443,
            protocol=protocol,
            bytes_out=0 if verdict != "allowed" else out,
            bytes_in=0 if verdict != "allowed" else self.dice.between(2_000, 900_000),
            verdict=verdict,
        )

    def hop(self, second: int, src: Host, dst: Host, *, protocol: str, verdict: str = "allowed") -> Row:
        """A connection between two hosts inside."""
        port = {"smb": 445, "rdp": 3389, "ssh": 22, "backup": 873}[protocol]
        return NetflowRow(
            **self.head(second, "network-telemetry"),
            host_id=src.id,
            dst_host=dst.id,
            dst_domain=None,
            dst_port=port,
            protocol=protocol,
            bytes_out=self.dice.between(2_000, 700_000) if verdict == "allowed" else 0,
            bytes_in=self.dice.between(2_000, 700_000) if verdict == "allowed" else 0,
            verdict=verdict,
        )

    def sign_in(
        self,
        second: int,
        user: User,
        host: Host | None,
        *,
        method: str = "password",
        result: str = "success",
        detail: str | None = None,
    ) -> Row:
        """A sign-in or token event; without a host it comes through the remote gateway."""
        dice = self.dice
        outside = f"{dice.between(31, 95)}.{dice.below(250)}.{dice.below(250)}.{dice.between(1, 250)}"
        return AuthRow(
            **self.head(second, "identity-telemetry"),
            user_id=user.id,
            host_id=host.id if host else None,
            src_ip=host.ip if host else outside,
            method=method,
            result=result,
            detail=detail,
        )

    def process(self, second: int, host: Host, user: User, *, name: str, parent: str, command: str) -> Row:
        """A process start."""
        return ProcessRow(
            **self.head(second, "endpoint-telemetry"),
            host_id=host.id,
            user_id=user.id,
            process_name=name,
            parent_process=parent,
            command_line=command,
        )

    def browse(self, second: int, who: Party) -> Row:
        """A browser opened on a link."""
        browser = self.dice.pick(data("words")["browsers"])
        url = f"https://{who.domain}/{self.dice.hex(6)}"
        command = f"{browser} --single-argument {url}"
        return self.process(second, who.host, who.user, name=browser, parent="OUTLOOK.EXE", command=command)

    def macro(self, second: int, who: Party) -> Row:
        """A document that starts a script which talks to a domain."""
        words, dice = data("words"), self.dice
        name = dice.pick(words["script_hosts"])
        command = f"{name} -w hidden -c fetch https://{who.domain}/{dice.hex(8)}"
        parent = dice.pick(words["office"])
        return self.process(second, who.host, who.user, name=name, parent=parent, command=command)

    def alert(self, second: int, source: Source, severity: str, form: list[str], **slots: object) -> Row:
        """An alert or record in one of the message forms."""
        rule, message = form
        return AlertRow(
            **self.head(second, source), rule=rule, severity=severity, message=message.format(**slots)
        )

    def lead(self, second: int, who: Party, kind: str, at: int) -> Row:
        """The sensor alert that points at one entity of a party: `host`, `user` or `domain`."""
        source: Source = {"host": "edr-alert", "user": "identity-alert", "domain": "network-alert"}[kind]  # type: ignore[assignment]
        severity = self.dice.pick(("medium", "high"))
        form = data("messages")["lead"][kind]
        return self.alert(second, source, severity, form, **self.slots(who, at))

    def call_back(self, second: int, who: Party, at: int, *, recognised: bool) -> Row:
        """The identity desk's record of having asked a user about a session."""
        form = data("messages")["recognised" if recognised else "not_recognised"]
        return self.alert(second, "identity-desk", "info", form, **self.slots(who, at))

    def change(self, second: int, who: Party, cause: str, window: tuple[int, int]) -> Row:
        """A change record that covers a party within a window (seconds after the opening)."""
        messages = data("messages")
        slots = self.slots(who, second) | {
            "number": f"C{self.dice.between(10_000, 99_999)}",
            "cause": messages["causes"][cause],
            "start": stamp(self.opened_at, window[0]),
            "end": stamp(self.opened_at, window[1]),
        }
        return self.alert(second, "change-management", "info", messages["change"], **slots)

    def slots(self, who: Party, at: int) -> dict[str, object]:
        """What message forms may name."""
        return {
            "time": stamp(self.opened_at, at),
            "host": who.host.hostname,
            "account": who.user.account,
            "domain": who.domain,
            "count": self.dice.between(21, 96),
        }

    def user_report(self, second: int, who: Party, text: str) -> Row:
        """A report that a user sent to the desk; anybody can write one."""
        message = self.dice.pick(data("messages")["user_reports"]).format(**self.slots(who, second))
        full = f"{message} {text}".strip()
        return AlertRow(**self.head(second, "user-report"), rule="user-report", severity="low", message=full)

    def job(self, second: int, host: Host, user: User, text: str) -> Row:
        """A scheduled job with its remark."""
        command = f"cmd.exe /c run-task {self.dice.hex(6)} REM {text}".strip()
        return self.process(second, host, user, name="cmd.exe", parent="taskeng.exe", command=command)

    def read_files(self, second: int, host: Host, user: User, path: str) -> Row:
        """A program that reads a folder of files."""
        name = self.dice.pick(("robocopy.exe", "tar.exe", "7z.exe"))
        command = f"{name} {path} work-{self.dice.hex(4)}"
        return self.process(second, host, user, name=name, parent="cmd.exe", command=command)

    def bulk_read(self, second: int, who: Party, path: str) -> Row:
        """The sensor's alert about a folder of files that was read."""
        form = data("messages")["bulk_read"]
        return self.alert(second, "edr-alert", "medium", form, **self.slots(who, second), path=path)

    def send_files(self, second: int, host: Host, user: User, path: str) -> Row:
        """A program that mails a folder of files."""
        command = f"mailsend.exe --as {user.email} --attach {path}"
        return self.process(second, host, user, name="mailsend.exe", parent="cmd.exe", command=command)

    def schedule(self, second: int, host: Host, user: User) -> Row:
        """A scheduled job that is set up."""
        command = f"schtasks.exe /create /tn task-{self.dice.hex(4)} /tr run-{self.dice.hex(4)}"
        return self.process(second, host, user, name="schtasks.exe", parent="cmd.exe", command=command)
