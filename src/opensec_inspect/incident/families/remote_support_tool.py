"""First remote support tool on a machine: somebody else sees and steers the screen.

Authorisation: two owners were asked on their tickets; one agreed and one refused, and only one of them owns
this machine. Provenance: the tool was fetched from its maker, or from a page that another was refused.
Conduct: in the session ran the desk's own collector, or a program that only a test machine may run.
"""

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Leg, LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, Device
from opensec_inspect.incident.facts.events import Connected, FileUsed, Registered, Started
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.facts.vendors import fixed_domain
from opensec_inspect.incident.families.parts import common, legs
from opensec_inspect.incident.families.parts.intrusion import Intrusion
from opensec_inspect.incident.families.parts.paperwork import (
    consent,
    entry,
    files_share,
    owned_by_one,
    share_read,
    worry,
)
from opensec_inspect.incident.sensors.rules import rule_of

TOOL = "assist_download"
COLLECTORS = ("DeskCollect", "HelpSnapshot", "LogGather", "CaseBundle", "SupportDump")
FOLDERS = ("Templates", "Shared profiles", "Printers", "Macros")


def remote_support_tool(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        self.accounts = {a.id: a for a in draft.scene.organisation.accounts}
        staff = ("administrator", "desk_analyst", "security")

        def owned(d: Device) -> bool:
            return owned_by_one(draft, d) and self.accounts[str(d.owner)].role not in staff

        self.device = cast.device("device", suits=owned)
        self.other_device = cast.device("other device", suits=owned)
        self.refused_device = cast.device("refused device", suits=owned)
        self.test_device = cast.device("test device", suits=owned)
        self.spare = cast.device("spare", suits=lambda d: d.role == "laptop")
        self.person, self.other = (self.accounts[str(d.owner)] for d in (self.device, self.other_device))
        self.analyst = cast.account("analyst", suits=lambda a: a.role == "desk_analyst")
        self.head = cast.account("head", suits=lambda a: a.title == "Head of IT")
        self.maker = fixed_domain(draft.scene.organisation.key, "assist")
        self.odd = draft.newcomer("odd")
        kit = draft.newcomer("kit", "vendor")
        name = draft.dice("collector").pick(COLLECTORS)
        self.collector = draft.program("collector", name, kit)
        self.unlisted = draft.program("unlisted", name, draft.newcomer("other kit", "vendor"))
        dice = draft.dice("session")
        self.session = f"{dice.between(100, 999)} {dice.between(100, 999)} {dice.between(100, 999)}"
        self.started_ms = draft.before(15, 27, "started")
        programs = {b.key: b for b in draft.scene.organisation.binaries}
        self.tool, browser = programs[TOOL], programs["msedge"]
        self.tool_path = f'"{self.tool.folder}\\{self.tool.file_name}"'
        self.browser_path = f'"{browser.folder}\\{browser.file_name}"'
        self.share = files_share(draft, confidential=False)
        self.story = Intrusion(draft, timing, self.share, self.spare)

    def facts(self) -> CaseFacts:
        number, allowed = consent(self.draft, self.timing, self.person, self.device, self.analyst, given=True)
        _, refused = consent(
            self.draft, self.timing, self.other, self.other_device, self.analyst, given=False
        )
        opening = self._started()
        held = self._entered(number)
        read = share_read(self.draft, self.timing, self.share, self.person.id, self.device, FOLDERS)
        worry(self.draft, self.other_device)
        carrier = common.outsiders_ticket(self.draft, self.device.id, self.odd, self.person)
        start = RowRef(event=opening, table="process_events", cells=("DeviceName", "AccountName"))
        session = RowRef(event=held.id, table="registers", cells=("Party", "Scope", "EnteredBy"))
        legs_ = self._legs(self._authorisation(allowed, refused, session), start, session, read, opening)
        return CaseFacts(
            family="remote_support_tool",
            carriers=(carrier,),
            events=self.draft.events(),
            extra=self.draft.extra(self.story.assets),
            away=(),
            opening_event=opening,
            opening_rule=rule_of("remote_support_tool").id,
            legs=legs_,
            temptations=(
                Tempting(entity=self.maker, temptation="sanctioned_channel"),
                Tempting(entity=self.odd.domain, temptation="mismatched_party"),
                Tempting(entity=self.person.id, temptation="mismatched_party"),
                Tempting(entity=self.analyst.id, temptation="administrator_at_work"),
                Tempting(entity=self.other.id, temptation="cleared_colleague"),
                Tempting(entity=self.other_device.id, temptation="asked_by_somebody"),
                Tempting(entity=self.refused_device.id, temptation="host_not_reached"),
                Tempting(entity=self.test_device.id, temptation="mismatched_party"),
                Tempting(entity=str(self.share.device), temptation="shared_server"),
            ),
            cause="support_session",
            loss_at=self.timing.loss_at,
        )

    def _legs(
        self, authorisation: common.LegRows, start: RowRef, session: RowRef, read: RowRef, opening: str
    ) -> dict[Leg, LegFacts]:
        story, device, analyst = self.story, self.device, self.analyst
        first = (story.read(device), story.send(device), story.stay(device))
        again = story.send(device, channel="ssh")
        known = {"patient_zero_host": (start,), "compromised_user": (session,), "data_target": (read,)}
        by_desk = {
            "patient_zero_host": device.id,
            "compromised_user": analyst.id,
            "initial_vector": "valid_account",
        }
        fetched = {"compromised_user": self.person.id, "attacker_domain": self.odd.domain}
        return {
            "authorisation": story.incident(
                authorisation,
                hosts=(device,),
                accounts=(analyst,),
                required=(device.id, analyst.id),
                moves=(*first, *story.by_account(analyst, device), again),
                truth=by_desk,
                supporting_rows=known,
            ),
            "provenance": story.incident(
                self._provenance(),
                hosts=(device,),
                accounts=(self.person,),
                domain=self.odd,
                required=(device.id, self.odd.domain, self.person.id),
                moves=(
                    *first,
                    story.send(device, domain=self.odd),
                    story.spread(self.odd, "msedge"),
                    *story.by_account(self.person, device),
                ),
                truth=by_desk | fetched | {"initial_vector": "remote_management"},
                supporting_rows=known | {"compromised_user": (start,)},
            ),
            "conduct": story.incident(
                self._conduct(opening),
                hosts=(device,),
                accounts=(analyst,),
                required=(device.id, analyst.id),
                moves=(*first, again, *story.by_account(analyst, device)),
                truth=by_desk,
                supporting_rows=known,
            ),
        }

    def _authorisation(self, allowed: str, refused: str, session: RowRef) -> common.LegRows:
        """What the owners answered on their tickets."""
        fields = ("approval", "state", "comment")
        swap = Swap(table="tickets", fields=fields, deciding=(allowed,), context=(refused,))
        answer = RowRef(event=allowed, table="tickets", cells=("Number", "Approval"))
        return common.LegRows(swap=swap, settles=(answer, session))

    def _started(self) -> str:
        """The tool is run from where the browser put it."""
        draft = self.draft
        draft.put(
            FileUsed(
                id=draft.next_id(),
                at_ms=self.started_ms - draft.dice("saved").between(20_000, 70_000),
                cause="case",
                device=self.device.id,
                account=self.person.id,
                action="FileCreated",
                folder=self.tool.folder,
                name=self.tool.file_name,
                size=draft.dice("tool size").between(8_100_000, 9_600_000),
                binary="msedge",
            )
        )
        event = Started(
            id=draft.next_id(),
            at_ms=self.started_ms,
            cause="case",
            device=self.device.id,
            account=self.person.id,
            binary=TOOL,
            command_line=f"{self.tool_path} --session {self.session.replace(' ', '')}",
            parent="msedge",
            parent_command_line=self.browser_path,
        )
        return draft.put(event)

    def _entered(self, number: str) -> Registered:
        """The analyst notes the session."""
        at_ms = self.started_ms + self.draft.dice("entered").between(30_000, 160_000)
        return entry(
            self.draft, "remote support sessions", self.device.id, self.session, self.analyst, number,
            at_ms=at_ms,
        )  # fmt: skip

    def _provenance(self) -> common.LegRows:
        """Where the owner signed in for the tool and fetched it, and where another machine was not let."""
        own = [self._fetched(self.device, self.maker, n) for n in range(2)]
        refused = [self._fetched(self.refused_device, self.odd.domain, n) for n in range(2)]
        scope = f"the desk's support tool comes from {self.maker} only"
        allowed = entry(self.draft, "software sources", self.analyst.id, self.maker, self.head, scope)
        leg = legs.place_leg(own[0], refused[0], allowed.id)
        swap = leg.swap.model_copy(update={"deciding": tuple(own), "context": tuple(refused)})
        return leg.model_copy(update={"swap": swap})

    def _fetched(self, device: Device, domain: str, number: int) -> str:
        """A sign-in with the work account first, then the file."""
        draft, own = self.draft, device is self.device
        dice = draft.dice(f"fetched|{device.id}|{number}")
        earlier = dice.between(80_000, 170_000) if number else dice.between(180_000, 420_000)
        at_ms = self.started_ms - earlier
        if not own:
            at_ms = draft.before(50 - 9 * number, 54 - 9 * number, f"refused fetch {number}")
        event = Connected(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="case" if own else "mismatched_party",
            outcome="ok" if own else "denied",
            device=device.id,
            account=device.owner,
            binary="msedge",
            to=domain,
            host_label="download",
            bytes_out=dice.between(900, 3_100),
            bytes_in=dice.between(8_300_000, 9_900_000) if number else dice.between(2_000, 9_000),
            duration_ms=dice.between(1_100, 14_000),
            method="GET" if number else "POST",
            uri=f"/quick/{self.tool.file_name}" if number else "/account/sign-in",
        )  # fmt: skip
        return self.draft.put(self.draft.late(event, self.timing.arrival))

    def _conduct(self, opening: str) -> common.LegRows:
        """What ran in the session, and what ran on a machine where both programs are allowed."""
        steps = [s for s in range(self.timing.loss_at - 1) if self.draft.dice(f"collects {s}").chance(0.3)]
        times = [
            self.started_ms + self.draft.dice("collects").between(150_000, 420_000),
            *(self.draft.window(s, 0.05, 0.95, f"collects in {s}") for s in steps),
        ]
        own = [self._ran(self.device, self.collector.key, at_ms, opening) for at_ms in times]
        tests = [self.draft.before(40, 280, f"tested {n}") for n in range(len(own))]
        tested = [self._ran(self.test_device, self.unlisted.key, at_ms, "") for at_ms in tests]
        held = self._listed(self.analyst, self.collector.sha256)
        for program in (self.collector, self.unlisted):
            self._listed(self.accounts[str(self.test_device.owner)], program.sha256)
        swap = Swap(table="process_events", fields=("binary",), deciding=tuple(own), context=tuple(tested))
        settles = (
            RowRef(event=own[0], table="process_events", cells=("DeviceName", "SHA256")),
            RowRef(event=held, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _listed(self, who: Account, digest: str) -> str:
        scope = "in support sessions, listed files only"
        return entry(self.draft, "support toolkit", who.id, digest, self.head, scope).id

    def _ran(self, device: Device, program: str, at_ms: int, opening: str) -> str:
        event = Started(
            id=self.draft.next_id(),
            at_ms=at_ms,
            cause="case" if opening else "mismatched_party",
            device=device.id,
            account=str(device.owner),
            binary=program,
            command_line=f'{self.collector.file_name} --out "C:\\ProgramData\\Support"',
            parent=TOOL,
            parent_command_line=self.tool_path,
            parent_event=opening,
            ordered_by=self.analyst.id if opening else None,
            integrity="High",
        )
        return self.draft.put(self.draft.late(event, self.timing.arrival))
