"""What becomes of mailboxes that an application was let into."""

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, OutsideName
from opensec_inspect.incident.facts.scenario import Foothold, Move, RowRef
from opensec_inspect.incident.families.cloud.laptop import mail_from
from opensec_inspect.incident.families.cloud.tenant import Tenant
from opensec_inspect.incident.families.parts.common import LegRows


class Consented:
    """The incidents about one application."""

    def __init__(
        self, draft: Draft, timing: Timing, people: tuple[Account, Account, Account], app: str, session: str
    ) -> None:
        """`people` consented first and second, and are asked next."""
        self.draft, self.timing, self.app, self.session = draft, timing, app, session
        self.person, self.second, self.next_victim = people

    @property
    def assets(self) -> tuple[DataAsset, ...]:
        """The mailboxes at stake."""
        first, second = self._story(self.person, ""), self._story(self.second, "")
        return (*first.assets, *second.assets)

    def of_one(
        self, leg: LegRows, consents: tuple[RowRef, ...], address: str, domain: OutsideName | None
    ) -> LegFacts:
        """One mailbox is open to an intruder at an address, who may own the page that asked for consent."""
        story = self._story(self.person, address)
        moves: tuple[Move, ...] = (*story.account_moves(), *story.inside_moves(self.next_victim))
        if domain is None:
            return story.incident(leg, consents, moves, story.truth("oauth_consent", self.person.id))
        moves = (*moves, self._asking(story, domain))
        required = (self.person.id, domain.domain)
        truth = story.truth("oauth_consent", *required, domain=domain.domain)
        return story.incident(leg, consents, moves, truth)

    def of_two(
        self, leg: LegRows, consents: tuple[RowRef, ...], address: str, domain: OutsideName
    ) -> LegFacts:
        """Both mailboxes are open to whoever runs the application under the vendor's name."""
        story, other = self._story(self.person, address), self._story(self.second, address)
        held = frozenset({self.person.id, self.second.id})
        moves = (
            *story.account_moves(),
            *other.second_mailbox(),
            *story.inside_moves(self.next_victim),
            self._asking(story, domain),
        )
        required = (self.person.id, self.second.id, domain.domain)
        truth = story.truth("oauth_consent", *required, domain=domain.domain)
        opening = Foothold(stage="creds_used", accounts=held)
        return story.incident(leg, consents, moves, truth, opening=opening)

    def _story(self, person: Account, address: str) -> Tenant:
        return Tenant(self.draft, self.timing, person, self.session, address, "", app=self.app)

    def _asking(self, story: Tenant, domain: OutsideName) -> Move:
        """Another person is sent to the page that asks for consent."""
        return story.move(
            "ask_next", "re_phish", "T1528", domain=domain.domain, to_account=self.next_victim.id,
            events=(mail_from(self.draft, story, domain, self.next_victim),),
        )  # fmt: skip
