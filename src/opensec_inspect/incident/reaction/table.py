"""The table of reactions: every containment by every kind of event."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from opensec_inspect.incident.facts.events import AnyEvent, Clicked, Connected, LoggedOn, Mailed
from opensec_inspect.incident.facts.records import Checked, TicketWritten
from opensec_inspect.incident.facts.scene import Scene

Containment = Literal["isolate_host", "reset_user", "block_domain"]
Ending = Literal[
    "goes_on",
    "does_not_happen",
    "token_refused",
    "host_isolated",
    "account_reset",
    "domain_blocked",
    "unreachable",
]
"""How it ends: as it would have; not at all, so that nobody saw anything; as a refused renewal of the
session's token instead; else the outcome of the event."""
Entities = Callable[[Any, Scene], Iterable[str]]
PASSES_ISOLATION = frozenset(
    {"MsSense.exe", "SenseIR.exe", "SenseCncProxy.exe", "SenseNdr.exe", "MsMpEng.exe"}
)
"""Programs of the endpoint sensor: an isolated machine still talks to its sensor's service."""
NETWORK_LOG_ONS = frozenset({3, 8, 10})
"""Windows types of log-ons from another machine, whether or not the sensor saw from which."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a containment does to one kind of event."""

    containment: Containment
    kind: str
    of: str
    """Whose containment, in words."""
    entities: Entities
    """Their ids or domains, given event and scene."""
    ending: Ending
    why: str


def _field(*names: str) -> Entities:
    """The entities in these fields, where they are set."""
    return lambda event, scene: (value for name in names if (value := getattr(event, name)))


def _none(event: AnyEvent, scene: Scene) -> Iterable[str]:
    return ()


def _online_device(event: Connected, scene: Scene) -> Iterable[str]:
    program = scene.binaries.get(event.binary or "")
    return () if program is not None and program.file_name in PASSES_ISOLATION else (event.device,)


def _machine_reached(event: Connected, scene: Scene) -> Iterable[str]:
    return (event.to,) if event.to in scene.devices else ()


def _domain_reached(event: Connected, scene: Scene) -> Iterable[str]:
    return () if event.to in scene.devices else (event.to,)


def _over_network(event: Any, scene: Scene) -> Iterable[str]:
    """Both machines of what came over the network; none for what happened at the machine."""
    return (event.origin, event.device) if event.origin else ()


def _logged_on_from_afar(event: LoggedOn, scene: Scene) -> Iterable[str]:
    if event.origin is None:
        return (event.device,) if event.logon_type in NETWORK_LOG_ONS else ()
    return event.origin, event.device


def _over_network_account(event: Any, scene: Scene) -> Iterable[str]:
    return (event.account,) if event.origin else ()


def _sending_account(event: Mailed, scene: Scene) -> Iterable[str]:
    """A rule in the mail service goes on forwarding when its owner's password has changed."""
    return () if event.forwarded_by else (event.sender,)


def _mail_domains(event: Mailed, scene: Scene) -> Iterable[str]:
    addresses = (event.sender, event.recipient)
    return (*(a.rpartition("@")[2] for a in addresses if "@" in a), *map(_host_of, event.urls))


def _click_domains(event: Clicked, scene: Scene) -> Iterable[str]:
    return (event.domain, _host_of(event.url))


def _online_writer(event: TicketWritten, scene: Scene) -> Iterable[str]:
    """Who wrote it over the portal, chat or mail; the telephone needs no account."""
    online = event.session or event.contact in ("email", "chat", "self-service")
    desk = event.opened_by in scene.accounts and event.opened_by != event.requested_for
    return (event.opened_by,) if online or desk or event.record_type == "approval" else ()


def _mailing_domain(event: TicketWritten, scene: Scene) -> Iterable[str]:
    return (event.opened_by.rpartition("@")[2],) if event.contact == "email" else ()


def _asked_online(event: Checked, scene: Scene) -> Iterable[str]:
    return (event.subject,) if event.method in ("chat", "email") else ()


def _download_domain(event: Any, scene: Scene) -> Iterable[str]:
    return (_host_of(event.origin_url),) if event.origin_url else ()


def _host_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0]


TABLE: tuple[Reaction, ...] = (
    Reaction("isolate_host", "mailed", "nobody", _none, "goes_on", "mail moves between servers"),
    Reaction(
        "reset_user", "mailed", "sender", _sending_account, "does_not_happen", "the mailbox does not open"
    ),
    Reaction(
        "block_domain", "mailed", "sender, recipient or link", _mail_domains, "domain_blocked", "quarantined"
    ),
    Reaction(
        "isolate_host", "clicked", "machine", _field("device"), "does_not_happen", "the page is out of reach"
    ),
    Reaction(
        "reset_user", "clicked", "person", _field("account"), "does_not_happen", "the mailbox does not open"
    ),
    Reaction(
        "block_domain", "clicked", "link", _click_domains, "domain_blocked", "the link filter stops the click"
    ),
    Reaction(
        "isolate_host",
        "signed_in",
        "machine",
        _field("device"),
        "does_not_happen",
        "the platform is out of reach",
    ),
    Reaction(
        "reset_user",
        "signed_in",
        "account",
        _field("account"),
        "account_reset",
        "credentials changed",
    ),
    Reaction("block_domain", "signed_in", "nobody", _none, "goes_on", "the platform's own domain"),
    Reaction(
        "isolate_host",
        "logged_on",
        "either machine, over the network",
        _logged_on_from_afar,
        "does_not_happen",
        "nothing arrives; at the keyboard people still log on",
    ),
    Reaction(
        "reset_user",
        "logged_on",
        "account",
        _field("account"),
        "account_reset",
        "credentials changed",
    ),
    Reaction("block_domain", "logged_on", "nobody", _none, "goes_on", "inside"),
    Reaction(
        "isolate_host",
        "started",
        "either machine, ordered over the network",
        _over_network,
        "does_not_happen",
        "no order arrives; what runs goes on and is reported",
    ),
    Reaction(
        "reset_user",
        "started",
        "whoever ordered it from elsewhere",
        _field("ordered_by"),
        "does_not_happen",
        "the session was cut; open processes go on",
    ),
    Reaction("block_domain", "started", "nobody", _none, "goes_on", "programs are no destinations"),
    Reaction(
        "isolate_host",
        "connected",
        "machine that connects",
        _online_device,
        "host_isolated",
        "the sensor cuts and reports it; only the sensor itself gets through",
    ),
    Reaction("isolate_host", "connected", "machine", _machine_reached, "unreachable", "nobody answers"),
    Reaction("reset_user", "connected", "nobody", _none, "goes_on", "connections need no account"),
    Reaction("block_domain", "connected", "target", _domain_reached, "domain_blocked", "the proxy refuses"),
    Reaction(
        "isolate_host",
        "file_used",
        "either machine, over the network",
        _over_network,
        "does_not_happen",
        "shares are out of reach; local files are not",
    ),
    Reaction(
        "reset_user",
        "file_used",
        "account, over the network",
        _over_network_account,
        "does_not_happen",
        "the share refuses; open local processes go on",
    ),
    Reaction(
        "block_domain",
        "file_used",
        "origin",
        _download_domain,
        "does_not_happen",
        "it does not start",
    ),
    Reaction(
        "isolate_host",
        "cloud_operated",
        "machine",
        _field("device"),
        "does_not_happen",
        "the cloud is out of reach",
    ),
    Reaction(
        "reset_user",
        "cloud_operated",
        "account",
        _field("account"),
        "token_refused",
        "tokens are revoked",
    ),
    Reaction(
        "block_domain",
        "cloud_operated",
        "target outside",
        _field("target_domain"),
        "domain_blocked",
        "the tenant refuses the target",
    ),
    Reaction("isolate_host", "ticket_written", "nobody", _none, "goes_on", "people find another machine"),
    Reaction(
        "reset_user",
        "ticket_written",
        "writer who needs an account",
        _online_writer,
        "does_not_happen",
        "the portal does not open",
    ),
    Reaction(
        "block_domain",
        "ticket_written",
        "sender",
        _mailing_domain,
        "does_not_happen",
        "quarantined",
    ),
    Reaction("isolate_host", "checked", "nobody", _none, "goes_on", "the desk telephones"),
    Reaction(
        "reset_user",
        "checked",
        "analyst",
        _field("performed_by"),
        "does_not_happen",
        "nothing can be written down",
    ),
    Reaction(
        "reset_user",
        "checked",
        "person asked online",
        _asked_online,
        "unreachable",
        "nobody answers",
    ),
    Reaction("block_domain", "checked", "nobody", _none, "goes_on", "the desk telephones"),
    Reaction("isolate_host", "registered", "nobody", _none, "goes_on", "people find another machine"),
    Reaction(
        "reset_user",
        "registered",
        "writer",
        _field("entered_by"),
        "does_not_happen",
        "it does not open",
    ),
    Reaction("block_domain", "registered", "nobody", _none, "goes_on", "inside"),
)
"""At least one line for every containment and kind of event; of several that apply the first decides."""
BY_KIND: dict[str, tuple[Reaction, ...]] = {
    kind: tuple(r for r in TABLE if r.kind == kind) for kind in dict.fromkeys(r.kind for r in TABLE)
}
