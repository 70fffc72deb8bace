"""Bulk download: somebody's machine fetches a whole site, copies the files, and a copy goes outside.

Authorisation: two orders to copy a site stand in the tickets, each for one person and released by its owner
for one site and no other; the site that was fetched was released to this person, or to the other one.
Provenance: the files were copied on the machine by the program on its record, or by another that only an
administrator's machine may use. Conduct: the upload went to the place on the machine's record, or to one
that another machine was refused.
"""

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import MINUTE_MS, Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Timing
from opensec_inspect.incident.facts.browsers import RCLONE_AGENT, SYNC_AGENT
from opensec_inspect.incident.facts.entities import Account, DataAsset, Device
from opensec_inspect.incident.facts.events import (
    CloudOperated,
    Connected,
    FileUsed,
    Registered,
)
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.cloud.copied import Copied
from opensec_inspect.incident.families.cloud.entries import mistyped_password, opened_workbook, ordered
from opensec_inspect.incident.families.cloud.tenant import LIBRARY, Tenant
from opensec_inspect.incident.families.parts import common, legs
from opensec_inspect.incident.sensors.rules import rule_of

SYNC = "OneDrive SyncEngine"
TOOLS = ("robocopy", "rclone", "sevenzip_cli")
UPLOADER = "rclone"


def bulk_download(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        scene, alone = draft.scene, draft.scene.unique_names

        def here(account: Account) -> bool:
            return bool(scene.address_of(cast.device_of(account).id, draft.opened_ms))

        office = ("office", "finance", "executive", "developer")
        self.person = cast.person(
            "person", suits=lambda a: a.role in office and a.display_name in alone and here(a)
        )
        self.device = cast.device_of(self.person)
        self.colleague = cast.person(
            "colleague", suits=lambda a: a.role in office and a.display_name in alone
        )
        self.administrator = cast.person(
            "administrator", suits=lambda a: a.role in ("administrator", "desk_analyst", "security")
        )
        self.refused = cast.person("refused", suits=here)
        self.next_victim = cast.person("next victim")
        self.counsel = cast.account(
            "counsel", suits=lambda a: a.role in ("executive", "finance") and a.id != self.person.id
        )
        self.analyst = cast.account("analyst", suits=lambda a: a.role == "desk_analyst")
        self.owner = cast.account(
            "owner of sites",
            suits=lambda a: (
                a.role in ("executive", "developer", "finance")
                and a.id not in (self.person.id, self.counsel.id)
            ),
        )
        self.vault, self.odd = draft.newcomer("vault", "saas"), draft.newcomer("odd", "saas")
        self.sender = cast.domain("sender", "partner", "customer", "vendor")
        sites = [
            a
            for a in scene.organisation.assets
            if a.path.startswith("https") and a.classification != "restricted"
        ]
        self.site, self.other_site, *_ = draft.dice("sites").shuffled(sites)
        self.tool, self.other_tool, *_ = draft.dice("tools").shuffled(TOOLS)
        self.session = draft.guid("session")
        self.fetched_ms = draft.before(19, 34, "fetched")
        self.copied_ms = self.fetched_ms + draft.dice("copied").between(3 * MINUTE_MS, 8 * MINUTE_MS)

    def facts(self) -> CaseFacts:
        draft, timing = self.draft, self.timing
        office = common.office_address(draft).ip
        sites = (self.site, self.other_site)
        day = Tenant(
            draft, timing, self.person, self.session, office, common.browser(draft, self.person),
            device=self.device.id, apart_from=tuple(s.id for s in sites),
        )  # fmt: skip
        mistyped = mistyped_password(draft, self.person, self.device, self.session, SYNC)
        opened = opened_workbook(draft, self.person, self.device, self.sender)
        opening = self._fetched(office)
        authorisation, provenance, conduct = self._authorisation(), self._provenance(), self._conduct()
        day.daily()
        fetched = RowRef(event=opening, table="cloud_audit", cells=("UserId", "ObjectId"))
        people = (self.person, self.next_victim)
        story = Copied(draft, timing, people, self.device, sites, fetched, self.odd)
        carrier = common.outsiders_ticket(draft, self.vault.domain, self.vault, self.person)
        return CaseFacts(
            family="bulk_download",
            carriers=(carrier,),
            events=draft.events(),
            extra=draft.extra(day.assets),
            away=(),
            opening_event=opening,
            opening_rule=rule_of("bulk_download").id,
            legs={
                "authorisation": story.of_account(authorisation, mistyped),
                "provenance": story.of_machine(provenance, opened),
                "conduct": story.of_all(conduct, opened),
            },
            temptations=(
                Tempting(entity=self.colleague.id, temptation="cleared_colleague"),
                Tempting(entity=self.counsel.id, temptation="asked_by_somebody"),
                Tempting(
                    entity=Casting(draft).device_of(self.administrator).id, temptation="administrator_at_work"
                ),
                Tempting(entity=Casting(draft).device_of(self.refused).id, temptation="host_not_reached"),
                Tempting(entity=self.vault.domain, temptation="sanctioned_channel"),
                Tempting(entity=self.odd.domain, temptation="mismatched_party"),
                Tempting(entity=self.sender.domain, temptation="sanctioned_channel"),
                Tempting(entity=self.person.id, temptation="mismatched_party"),
                Tempting(entity=self.device.id, temptation="host_not_reached"),
            ),
            cause="ordered_copy",
            loss_at=timing.loss_at,
        )

    def _fetched(self, office: str) -> str:
        """The library comes down to the machine; what the alert is about."""
        draft, dice = self.draft, self.draft.dice("fetched")
        items = dice.between(310, 480)
        event = CloudOperated(
            id=draft.next_id(),
            at_ms=self.fetched_ms,
            cause="case",
            account=self.person.id,
            operation="FileSyncDownloadedFull",
            workload="SharePoint",
            address=office,
            session=self.session,
            app=SYNC,
            object=f"{self.site.path}{LIBRARY}",
            items=items,
            user_agent=SYNC_AGENT,
            device=self.device.id,
        )
        draft.put(event)
        self._files(
            "FileCreated", self.person, "onedrive", self.fetched_ms + dice.between(9_000, 80_000), items
        )
        return event.id

    def _files(self, action: str, who: Account, program: str, at_ms: int, count: int) -> str:
        """Many files on somebody's own machine: written by the sync client, or copied by another program."""
        draft, own = self.draft, who is self.person
        dice = draft.dice(f"{action}|{who.id}")
        site = (self.site if own else self.other_site).path.rsplit("/", 1)[-1]
        local = f"C:\\Users\\{who.sam}\\{draft.scene.organisation.name}\\{site}"
        event = FileUsed(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="case" if own else "mismatched_party",
            device=Casting(draft).device_of(who).id,
            account=who.id,
            action=action,  # type: ignore[arg-type]
            folder=local if action == "FileCreated" else "C:\\ProgramData\\Copies",
            name="*",
            size=count * dice.between(180_000, 420_000),
            count=count,
            binary=program,
        )
        late = action == "FileCopied"
        return draft.put(draft.late(event, self.timing.arrival) if late else event)

    def _authorisation(self) -> common.LegRows:
        """Two orders, one for each site: this person's names the site that was fetched, and no other."""
        order, release = self._order("order", self.person, self.site)
        _, other = self._order("other order", self.colleague, self.other_site)
        swap = Swap(table="tickets", fields=("scope",), deciding=(release,), context=(other,))
        settles = (
            RowRef(event=order, table="tickets", cells=("Number", "RequestedFor")),
            RowRef(event=release, table="tickets", cells=("Number", "Scope")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _order(self, purpose: str, custodian: Account, site: DataAsset) -> tuple[str, str]:
        return ordered(self.draft, self.timing, purpose, self.counsel, self.owner, custodian, site)

    def _provenance(self) -> common.LegRows:
        """What copied the files here, and on an administrator's machine, where both programs may."""
        draft = self.draft
        count = draft.dice("copied files").between(290, 460)
        copied = self._files("FileCopied", self.person, self.tool, self.copied_ms, count)
        theirs_ms = draft.before(60, 400, "administrator's copy")
        theirs = self._files("FileCopied", self.administrator, self.other_tool, theirs_ms, count + 31)
        held = self._tool(self.device, self.tool, "record")
        for tool in (self.tool, self.other_tool):
            self._tool(Casting(draft).device_of(self.administrator), tool, "mismatched_party")
        swap = Swap(
            table="file_events", fields=("binary", "size", "count"), deciding=(copied,), context=(theirs,)
        )
        settles = (
            RowRef(event=copied, table="file_events", cells=("DeviceName", "InitiatingProcessFileName")),
            RowRef(event=held, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _tool(self, device: Device, tool: str, cause: str) -> str:
        draft = self.draft
        name = next(b.file_name for b in draft.scene.organisation.binaries if b.key == tool)
        at_ms = draft.on_workday(3, 40, f"tool {device.id} {tool}")
        entry = Registered(
            id=draft.next_id(),
            at_ms=at_ms,
            cause=cause,  # type: ignore[arg-type]
            register="copy tools",
            number=draft.number("REG", 6, at_ms),
            party=device.id,
            object=name,
            scope=f"copies are made by {name}",
            entered_by=self.analyst.id,
        )
        return draft.put(entry)

    def _conduct(self) -> common.LegRows:
        """Where the first part of the copy went, and where another machine was not let."""
        draft = self.draft
        uploaded = self._uploaded(self.person, self.vault.domain, "uploaded")
        refused = self._uploaded(self.refused, self.odd.domain, "refused")
        at_ms = draft.on_workday(3, 20, "vault")
        allowed = Registered(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="record",
            register="hosted services",
            number=draft.number("REG", 6, at_ms),
            party=self.device.id,
            object=self.vault.domain,
            scope=f"copies of sites go to {self.vault.domain} only",
            entered_by=self.analyst.id,
        )
        return legs.place_leg(uploaded, refused, draft.put(allowed))

    def _uploaded(self, who: Account, domain: str, purpose: str) -> str:
        draft, own, dice = self.draft, purpose == "uploaded", self.draft.dice(purpose)
        event = Connected(
            id=draft.next_id(),
            at_ms=self.copied_ms + dice.between(2 * MINUTE_MS, 9 * MINUTE_MS)
            if own
            else draft.before(25, 300, purpose),
            cause="case" if own else "mismatched_party",
            outcome="ok" if own else "denied",
            device=Casting(draft).device_of(who).id,
            account=who.id,
            binary=UPLOADER,
            to=domain,
            host_label="ingest",
            bytes_out=dice.between(2_000_000, 9_000_000),
            bytes_in=dice.between(3_000, 30_000),
            duration_ms=dice.between(4_000, 60_000),
            method="POST",
            uri="/v1/objects",
            user_agent=RCLONE_AGENT,
        )
        return draft.put(draft.late(event, self.timing.arrival))
