"""Office starts a script interpreter: a workbook of a share runs the add-in that reports to a supplier.

Authorisation: two releases of the add-in were up for review; one was kept and one withdrawn, and only one of
them ran here. Provenance: the workbook was saved by its keeper, or by somebody from another machine who keeps
another workbook. Conduct: the add-in signed in and sent its figures to the service on record, or to a domain
that another machine was refused.
"""

from typing import Any

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Leg, LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, Binary, Device
from opensec_inspect.incident.facts.events import Connected, FileUsed, Started
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.parts import common, legs
from opensec_inspect.incident.families.parts.intrusion import Intrusion
from opensec_inspect.incident.families.parts.paperwork import (
    decided_at,
    entry,
    files_share,
    moved,
    owned_by_one,
    release_mail,
    settled_in,
    share_read,
    worry,
)
from opensec_inspect.incident.sensors.rules import rule_of

ADDINS = ("LedgerPull", "TariffSheet", "StockFeed", "CostLoader", "OrderSheet", "RateUpdate")
FOLDERS = ("Month end", "Cost centres", "Open items", "Forecast", "Intercompany", "Rebates")
SCRIPTS = {"cscript": "{0}.vbs", "wscript": "{0}_run.vbs", "powershell": "{0}.ps1", "cmd": "{0}.cmd"}
LINES = {
    "cscript": 'cscript.exe //nologo "{0}"',
    "wscript": 'wscript.exe "{0}" /b',
    "powershell": 'powershell.exe -ExecutionPolicy Bypass -File "{0}"',
    "cmd": 'cmd.exe /c "{0}"',
}


def office_script(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        accounts = {a.id: a for a in draft.scene.organisation.accounts}
        outsiders = ("administrator", "desk_analyst", "security")

        def owned(d: Device) -> bool:
            return owned_by_one(draft, d) and accounts[str(d.owner)].role not in outsiders

        def settled(d: Device) -> bool:
            return owned(d) and settled_in(draft, d)

        self.keepers_device = cast.device("keeper's device", suits=settled)
        self.writers_device = cast.device("writer's device", suits=settled)
        self.device = cast.device("device", suits=owned)
        self.refused_device = cast.device("refused device", suits=owned)
        self.spare = cast.device("spare", suits=lambda d: d.role == "laptop")
        owners = (self.device.owner, self.keepers_device.owner, self.writers_device.owner)
        self.person, self.keeper, self.writer = (accounts[str(owner)] for owner in owners)
        self.reviewer = cast.account("reviewer", suits=lambda a: a.title == "Head of IT")
        self.analyst = cast.account("analyst", suits=lambda a: a.role == "desk_analyst")
        self.service, self.odd = (draft.newcomer(one, "saas") for one in ("service", "odd"))
        name = draft.dice("addin").pick(ADDINS)
        releases = (draft.program(f"{one} release", name, self.service) for one in ("running", "other"))
        self.addin, self.other_release = releases
        self.folders = tuple(draft.dice("folders").some(FOLDERS, 2))
        self.book = f"{name} {draft.day(0)[:7]}.xlsm"
        self.started_ms = draft.before(16, 32, "started")
        self.share = files_share(draft)
        self.story = Intrusion(draft, timing, self.share, self.spare)

    def facts(self) -> CaseFacts:
        mail = release_mail(self.draft, self.person, self.service, self.addin)
        opening, ran = self._started()
        folders = (self.folders[0], "Master data")
        read = share_read(self.draft, self.timing, self.share, self.person.id, self.device, folders)
        worry(self.draft, self.keepers_device)
        carrier = common.outsiders_mail(self.draft, self.person, self.service)
        start = RowRef(event=opening, table="process_events", cells=("DeviceName", "AccountName"))
        legs_ = self._legs(start, ran, mail, read)
        return CaseFacts(
            family="office_script",
            carriers=(carrier,),
            events=self.draft.events(),
            extra=self.draft.extra(self.story.assets),
            away=(),
            opening_event=opening,
            opening_rule=rule_of("office_script").id,
            legs=legs_,
            temptations=(
                Tempting(entity=self.service.domain, temptation="sanctioned_channel"),
                Tempting(entity=self.odd.domain, temptation="mismatched_party"),
                Tempting(entity=self.person.id, temptation="mismatched_party"),
                Tempting(entity=self.keeper.id, temptation="cleared_colleague"),
                Tempting(entity=self.writer.id, temptation="mismatched_party"),
                Tempting(entity=self.keepers_device.id, temptation="asked_by_somebody"),
                Tempting(entity=self.refused_device.id, temptation="host_not_reached"),
                Tempting(entity=str(self.share.device), temptation="shared_server"),
            ),
            cause="reviewed_add_in",
            loss_at=self.timing.loss_at,
        )

    def _legs(self, start: RowRef, ran: RowRef, mail: RowRef, read: RowRef) -> dict[Leg, LegFacts]:
        story, device, writer = self.story, self.device, self.writer
        first = (story.read(device), story.send(device), story.stay(device))
        known = {"patient_zero_host": (start,), "data_target": (read,)}
        by_mail = {"patient_zero_host": device.id, "initial_vector": "malicious_attachment"}
        again = story.send(device, channel="ssh")
        return {
            "authorisation": story.incident(
                self._authorisation(ran),
                hosts=(device,),
                required=(device.id,),
                moves=(*first, again, story.hop(device)),
                truth=by_mail,
                supporting_rows=known | {"initial_vector": (mail,)},
            ),
            "provenance": story.incident(
                self._provenance(),
                hosts=(device, self.writers_device),
                accounts=(writer,),
                required=(device.id, self.writers_device.id, writer.id),
                moves=(
                    *first,
                    story.stay(self.writers_device),
                    *story.by_account(writer, self.writers_device),
                    again,
                ),
                truth={
                    "patient_zero_host": self.writers_device.id,
                    "compromised_user": writer.id,
                    "initial_vector": "valid_account",
                },
                supporting_rows=known,
            ),
            "conduct": story.incident(
                self._conduct(),
                hosts=(device,),
                accounts=(self.person,),
                domain=self.odd,
                required=(device.id, self.odd.domain, self.person.id),
                moves=(
                    *first,
                    story.send(device, domain=self.odd),
                    story.spread(self.odd, self.addin.key),
                    *story.by_account(self.person, device),
                ),
                truth=by_mail | {"compromised_user": self.person.id, "attacker_domain": self.odd.domain},
                supporting_rows=known | {"compromised_user": (start,), "initial_vector": (mail,)},
            ),
        }

    def _started(self) -> tuple[str, RowRef]:
        """The workbook, its script, and the add-in that the script starts."""
        draft, kind = self.draft, self.draft.dice("script").pick(tuple(SCRIPTS))
        office = next(b for b in draft.scene.organisation.binaries if b.key == "excel")
        book = f'"{office.folder}\\{office.file_name}" "{self.share.path}\\{self.folders[0]}\\{self.book}"'
        name = self.addin.file_name.removesuffix(".exe")
        script = LINES[kind].format(f"{self.share.path}\\{self.folders[0]}\\{SCRIPTS[kind].format(name)}")
        opened = self._process("excel", "explorer", book, 0)
        opening = self._process(kind, "excel", script, 1, parent_event=opened, parent_command_line=book)
        line = f'"{self.addin.folder}\\{self.addin.file_name}" --book "{self.book}"'
        ran = self._process(self.addin.key, kind, line, 2, parent_event=opening, parent_command_line=script)
        return opening, RowRef(event=ran, table="process_events", cells=("DeviceName", "SHA256"))

    def _process(self, binary: str, parent: str, line: str, place: int, **fields: Any) -> str:
        lag = sum(self.draft.dice(f"process {n}").between(900, 21_000) for n in range(place))
        return self.draft.put(
            Started(
                id=self.draft.next_id(),
                at_ms=self.started_ms + lag,
                cause="case",
                device=self.device.id,
                account=self.person.id,
                binary=binary,
                command_line=line,
                parent=parent,
                **fields,
            )
        )

    def _authorisation(self, ran: RowRef) -> common.LegRows:
        """Two releases under review: one stays approved, one is withdrawn."""
        kept = self._reviewed(self.addin, "active", self.draft.day(365))
        withdrawn = self._reviewed(self.other_release, "withdrawn", self.draft.day(0))
        swap = Swap(
            table="registers", fields=("status", "valid_until"), deciding=(kept,), context=(withdrawn,)
        )
        settles = (RowRef(event=kept, table="registers", cells=("Object", "Status")), ran)
        return common.LegRows(swap=swap, settles=settles)

    def _reviewed(self, release: Binary, status: str, until: str) -> str:
        """A release: entered weeks ago, decided on today."""
        draft = self.draft
        scope = f"{release.file_name}, {release.company}, under review"
        first = entry(
            draft, "software", self.keeper.id, release.sha256, self.reviewer, scope, valid_until=draft.day(3)
        )
        decided = decided_at(draft, self.timing, 34, 260, f"review {release.key}")
        scope = scope.removesuffix(", under review")
        later = moved(first, draft, at_ms=decided, status=status, valid_until=until, scope=scope)
        return later.id

    def _provenance(self) -> common.LegRows:
        """Who saved this workbook, and who saved another one, which both may save."""
        draft, (own, other) = self.draft, self.folders
        saved = self._saved(self.keepers_device, self.keeper, own, self.book, "saved")
        book = f"{other.split()[0]} {draft.day(0)[:7]}.xlsm"
        elsewhere = self._saved(self.writers_device, self.writer, other, book, "saved elsewhere")
        held = self._keeps(self.keeper, own)
        for account in (self.keeper, self.writer):
            self._keeps(account, other)
        swap = Swap(
            table="file_events", fields=("account", "origin"), deciding=(saved,), context=(elsewhere,)
        )
        settles = (
            RowRef(event=saved, table="file_events", cells=("AccountName", "SourceHost", "FolderPath")),
            RowRef(event=held, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _saved(self, device: Device, account: Account, folder: str, book: str, purpose: str) -> str:
        event = FileUsed(
            id=self.draft.next_id(),
            at_ms=self.draft.before(35, 95, purpose),
            cause="case" if purpose == "saved" else "mismatched_party",
            device=str(self.share.device),
            account=account.id,
            origin=device.id,
            action="FileCreated",
            folder=f"{self.share.path}\\{folder}",
            name=book,
            size=self.draft.dice(purpose).between(180_000, 2_900_000),
            share=self.share.path.rsplit("\\", 1)[-1],
        )
        return self.draft.put(self.draft.late(event, self.timing.arrival))

    def _keeps(self, account: Account, folder: str) -> str:
        path = f"{self.share.path}\\{folder}"
        return entry(
            self.draft,
            "workbook keepers",
            account.id,
            path,
            self.reviewer,
            "saves workbooks with macros here",
        ).id

    def _conduct(self) -> common.LegRows:
        """Where the add-in signed in and sent its figures, and where another machine was not let."""
        steps = [s for s in range(self.timing.max_steps) if self.draft.dice(f"sends {s}").chance(0.3)]
        own = [self._sent(self.device, n, at_ms) for n, at_ms in enumerate(self._moments(steps))]
        refused = [
            self._sent(self.refused_device, n, self.draft.before(102 - 60 * n, 150 - 60 * n, f"refused {n}"))
            for n in range(2)
        ]
        scope = f"{self.addin.file_name} signs in and sends to {self.service.domain} only"
        allowed = entry(
            self.draft, "hosted services", self.keeper.id, self.service.domain, self.analyst, scope
        )
        leg = legs.place_leg(own[0], refused[0], allowed.id)
        swap = leg.swap.model_copy(update={"deciding": tuple(own), "context": tuple(refused)})
        return leg.model_copy(update={"swap": swap})

    def _moments(self, steps: list[int]) -> list[int]:
        first = self.started_ms + self.draft.dice("signs in").between(45_000, 110_000)
        second = first + self.draft.dice("sends").between(4_000, 60_000)
        return [first, second, *(self.draft.window(step, 0.05, 0.95, f"sends in {step}") for step in steps)]

    def _sent(self, device: Device, number: int, at_ms: int) -> str:
        """A sign-in first, then figures; `device` says whose."""
        own = device is self.device
        dice = self.draft.dice(f"sent|{device.id}|{number}")
        event = Connected(
            id=self.draft.next_id(),
            at_ms=at_ms,
            cause="case" if own else "mismatched_party",
            outcome="ok" if own else "denied",
            device=device.id,
            account=device.owner,
            binary=self.addin.key,
            to=self.service.domain if own else self.odd.domain,
            host_label="api",
            bytes_out=dice.between(1_100, 2_900) if number == 0 else dice.between(40_000, 900_000),
            bytes_in=dice.between(2_000, 21_000),
            duration_ms=dice.between(400, 9_000),
            method="POST",
            uri="/oauth2/token" if number == 0 else f"/v2/books/{dice.hex(6)}",
            user_agent=f"{self.addin.file_name.removesuffix('.exe')}/2.{self.draft.dice('version').below(9)}",
        )
        return self.draft.put(self.draft.late(event, self.timing.arrival))
