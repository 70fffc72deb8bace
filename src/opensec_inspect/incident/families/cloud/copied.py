"""What becomes of a site that was copied to somebody's machine, by what an intruder holds."""

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, Device, OutsideName
from opensec_inspect.incident.facts.scenario import Foothold, Move, RowRef, Truth, Vector
from opensec_inspect.incident.families.cloud.laptop import Laptop
from opensec_inspect.incident.families.cloud.tenant import LIBRARY, Tenant
from opensec_inspect.incident.families.parts.common import LegRows, user_agent

UPLOADER = "rclone"


class Copied:
    """The incidents about one copied site."""

    def __init__(
        self,
        draft: Draft,
        timing: Timing,
        people: tuple[Account, Account],
        device: Device,
        sites: tuple[DataAsset, DataAsset],
        fetched: RowRef,
        odd: OutsideName,
    ) -> None:
        """`people` are the machine's owner and who is written to next; of `sites` the first was copied."""
        self.draft, self.timing, self.device = draft, timing, device
        self.person, self.next_victim = people
        self.site, self.fetched, self.odd = sites[0], fetched, odd
        self._sites = tuple(site.id for site in sites)
        hosting = [a.ip for a in draft.scene.organisation.addresses if a.kind == "hosting"]
        self.story = Tenant(
            draft, timing, self.person, draft.guid("intruder's session"),
            draft.dice("intruder's address").pick(hosting), user_agent(draft, "intruder"),
            apart_from=self._sites,
        )  # fmt: skip

    def of_account(self, leg: LegRows, mistyped: RowRef) -> LegFacts:
        """The account is misused, and nothing else."""
        opening = self._opening(accounts=frozenset({self.person.id}))
        moves = (
            self.story.read_site("read_next_site", self.story.site, not_before=self.timing.access_at),
            self._again(),
            # The first move reads one site; what is read further is another one still.
            *self.story.further_moves(apart_from=(*self._sites, self.story.site.id)),
            *self.story.inside_moves(self.next_victim),
        )
        truth = self._truth("valid_account", self.person.id, compromised_user=self.person.id)
        return self.story.incident(leg, (mistyped,), moves, truth, opening=opening, known=self.fetched)

    def of_machine(self, leg: LegRows, opened: tuple[RowRef, ...]) -> LegFacts:
        """A program of somebody else's works on the machine."""
        host = self.device.id
        opening = self._opening(hosts=frozenset({host}))
        moves = Laptop(self.story, self.device, self.site, UPLOADER).moves()
        truth = self._truth("malicious_attachment", host, patient_zero_host=host)
        return self.story.incident(leg, opened, moves, truth, opening=opening, known=self.fetched)

    def of_all(self, leg: LegRows, opened: tuple[RowRef, ...]) -> LegFacts:
        """Machine and account are an intruder's, and the place that got the copy."""
        person, host, domain = self.person.id, self.device.id, self.odd.domain
        opening = self._opening(hosts=frozenset({host}), accounts=frozenset({person}))
        laptop = Laptop(self.story, self.device, self.site, UPLOADER)
        moves = (
            *laptop.moves(self.odd),
            self._again(),
            *self.story.further_moves(),
            laptop.written_to(self.next_victim, self.odd),
        )
        truth = self._truth(
            "malicious_attachment", person, host, domain,
            patient_zero_host=host, compromised_user=person, attacker_domain=domain,
        )  # fmt: skip
        known, entry = self.fetched, (self.fetched, *opened)
        return self.story.incident(leg, entry, moves, truth, opening=opening, known=known)

    def _opening(self, **held: frozenset[str]) -> Foothold:
        return Foothold.model_validate({"stage": "data_access", "assets": frozenset({self.site.id})} | held)

    def _truth(self, vector: Vector, *required: str, **named: str) -> Truth:
        return Truth.model_validate(
            {"data_target": self.site.id, "initial_vector": vector, "required": required} | named
        )

    def _again(self) -> Move:
        """The site goes out by the account, to wherever the intruder sits."""
        taken = self.story.operated(
            "again",
            "FileDownloaded",
            f"{self.site.path}{LIBRARY}",
            self.draft.dice("again").between(310, 640),
            self.story.at("again"),
        )
        fields = {"account": self.person.id, "asset": self.site.id, "events": (taken,)}
        return self.story.move("take_site", "exfiltrate", "T1567", **fields)
