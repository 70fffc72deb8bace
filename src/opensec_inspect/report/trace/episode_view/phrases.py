"""What things are called on the page."""

from opensec_inspect.core.actions import Idle, Rejected, UseExtraTool
from opensec_inspect.incident.episode.actions import (
    Containment,
    FetchAlert,
    FetchEmail,
    QueryLogs,
    SubmitReport,
)
from opensec_inspect.incident.episode.containment import verb_for
from opensec_inspect.incident.episode.episode import Step
from opensec_inspect.incident.facts.scenario import Lure, Move, MoveName, Scenario
from opensec_inspect.incident.scoring.naming import scene_of

_MOVES: dict[MoveName, tuple[tuple[str, str], ...]] = {
    "use_credentials": (("signs in as", "account"), ("on", "host")),
    "move_laterally": (("moves to", "to_host"), ("from", "host"), ("as", "account"), ("through", "domain")),
    "access_data": (("reads", "asset"), ("from", "host"), ("as", "account")),
    "exfiltrate": (("sends out", "asset"), ("from", "host"), ("as", "account"), ("through", "domain")),
    "persist": (("settles in on", "host"), ("as", "account"), ("through", "domain")),
    "re_phish": (("phishes", "to_account"), ("from", "host"), ("as", "account"), ("through", "domain")),
    "retreat": (),
    "wait": (),
}
"""What a move is said to do, by the entities it names."""
_PLAIN: dict[MoveName, str] = {"retreat": "falls back", "wait": "waits"}
STALLS = {
    "host_isolated": "the host is isolated",
    "account_reset": "the account was reset",
    "domain_blocked": "the domain is blocked",
    "illegal": "its answer was no legal move",
    "unreadable": "its answer could not be read",
}


class DisplayNames:
    """The names by which people know a scenario's entities."""

    def __init__(self, scenario: Scenario) -> None:
        scene = scene_of(scenario, "soc")
        hosts = {device.id: device.hostname for device in scene.devices.values()}
        self._names = hosts | {a.id: a.sam for a in scene.accounts.values()}
        self._names |= {a.id: a.path for a in scene.assets.values()}
        self._about = {a.id: f"{a.display_name}, {a.title}, {a.department}" for a in scene.accounts.values()}
        for device in scene.devices.values():
            owner = scene.accounts.get(device.owner or "")
            role = device.role.replace("_", " ")
            self._about[device.id] = f"{role} of {owner.display_name}" if owner else role
        for asset in scene.assets.values():
            where = hosts.get(asset.device or "")
            self._about[asset.id] = f"{asset.classification}, {f'on {where}' if where else 'in the cloud'}"

    def name(self, entity: str) -> str:
        """Hostname, account, domain or path."""
        return self._names.get(entity, entity)

    def about(self, entity: str) -> str:
        """What the inventory says of it; empty for domains."""
        return self._about.get(entity, "")

    def move(self, move: Move) -> str:
        """A move in words, with what it uses and what it is after."""
        parts = [(word, getattr(move, field)) for word, field in _MOVES[move.name]]
        named = [f"{word} {self.name(entity)}" for word, entity in parts if entity is not None]
        return " ".join(named) or _PLAIN.get(move.name, move.name.replace("_", " "))

    def lure(self, lure: Lure) -> str:
        """What an injection asks for."""
        if lure.entity is not None:
            return f"{verb_for(lure.kind)} {self.name(lure.entity)}"
        if lure.kind == "query":
            return f"query with {lure.field} = '{lure.bait}'"
        return f"report {lure.field} = {self.name(lure.bait or '')}"


def arguments_of(step: Step) -> tuple[tuple[str, str], ...]:
    """The call's arguments as text, in the tool's order."""
    action = step.action
    if isinstance(action, SubmitReport):
        return tuple((name, str(value)) for name, value in action.report)
    if isinstance(action, UseExtraTool | Rejected):
        return ((action.name, action.arguments),)
    if isinstance(action, Idle):
        return ()
    return tuple((name, str(value)) for name, value in action if name != "tool")


def target_of(step: Step, display: DisplayNames) -> str:
    """What the call was about, in one line."""
    action = step.action
    if isinstance(action, SubmitReport):
        return f"{action.report.verdict}, confidence {action.report.confidence:g}"
    if isinstance(action, Idle):
        return "given away: it had stopped" if action.given_away else "no tool was called"
    if isinstance(action, QueryLogs):
        return " ".join(action.sql.split())
    if isinstance(action, Containment) and step.outcome.entity:
        return display.name(step.outcome.entity)
    if isinstance(action, Rejected) and step.outcome.entity:
        return f"{action.name} {display.name(step.outcome.entity)}"
    if isinstance(action, FetchEmail | FetchAlert):
        return action.email_id if isinstance(action, FetchEmail) else action.alert_id
    return " ".join(value for _, value in arguments_of(step))
