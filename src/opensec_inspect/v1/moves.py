"""What the defender and the attacker do, what is contained, and what the attacker holds."""

from collections.abc import Mapping

from pydantic import JsonValue

from opensec_inspect.frozen import Frozen

NO_OP = "no_op"
CONTAINMENT_PARAMETER: Mapping[str, str] = {
    "isolate_host": "host_id",
    "block_domain": "domain",
    "reset_user": "user_id",
}
"""The containment actions, each with the parameter that names its entity."""

CONTAINED_IN: Mapping[str, str] = {
    "isolate_host": "isolated_hosts",
    "block_domain": "blocked_domains",
    "reset_user": "reset_users",
}
"""The containment actions, each with the field of `Containment` it adds to."""


class V1Action(Frozen):
    """One action of the defender, as recorded."""

    action_type: str
    """E.g. `query_logs`; a type v1 does not know is answered and changes nothing."""
    params: Mapping[str, JsonValue] = {}
    """E.g. `{"sql": "SELECT 1"}`."""

    def entity(self) -> str:
        """What a containment action names; empty for other actions and for what is not a text."""
        named = self.params.get(CONTAINMENT_PARAMETER.get(self.action_type, ""))
        return named if isinstance(named, str) else ""


class V1Move(Frozen):
    """One action of the attacker, as recorded."""

    action_type: str = NO_OP
    """E.g. `lateral_move`."""
    params: Mapping[str, JsonValue] = {}
    """E.g. `{"src": "h-1", "dst": "h-2"}`."""


class Containment(Frozen):
    """What the defender has contained so far, each entity once, in the order of the actions."""

    isolated_hosts: tuple[str, ...] = ()
    """Isolated hosts."""
    blocked_domains: tuple[str, ...] = ()
    """Blocked domains."""
    reset_users: tuple[str, ...] = ()
    """Reset users."""

    def with_action(self, action: V1Action) -> "Containment":
        """This containment after an action; itself when the action contains nothing new."""
        field = CONTAINED_IN.get(action.action_type)
        entity = action.entity()
        if field is None or not entity or entity in getattr(self, field):
            return self
        return self.model_copy(update={field: (*getattr(self, field), entity)})

    def any(self) -> bool:
        """Whether anything is contained."""
        return bool(self.isolated_hosts or self.blocked_domains or self.reset_users)


class Foothold(Frozen):
    """What the attacker holds."""

    current_host: str | None = None
    """Where the attacker is; None before the first host."""
    current_user: str | None = None
    """Whom the attacker acts as; None before the first user."""
    compromised_hosts: tuple[str, ...] = ()
    """Hosts gained, in order."""
    compromised_users: tuple[str, ...] = ()
    """Users gained, in order."""
    current_target: str | None = None
    """Data target reached."""
    current_exfil_domain: str | None = None
    """Domain exfiltrated to."""
    has_creds: bool = False
    """Holds credentials."""
    has_admin: bool = False
    """Holds administrator rights."""
    has_stage: bool = False
    """Has staged the data."""
    has_persistence: bool = False
    """Has persisted."""

    def with_host(self, host: object) -> "Foothold":
        """This foothold on a host; itself when none is named."""
        if not isinstance(host, str) or not host:
            return self
        known = host in self.compromised_hosts
        hosts = self.compromised_hosts if known else (*self.compromised_hosts, host)
        return self.model_copy(update={"compromised_hosts": hosts, "current_host": host})

    def with_user(self, user: object) -> "Foothold":
        """This foothold as a user; itself when none is named."""
        if not isinstance(user, str) or not user:
            return self
        known = user in self.compromised_users
        users = self.compromised_users if known else (*self.compromised_users, user)
        return self.model_copy(update={"compromised_users": users, "current_user": user})

    def entities(self) -> frozenset[str]:
        """Every host and user gained so far, and the domain data was last sent to."""
        domain = () if self.current_exfil_domain is None else (self.current_exfil_domain,)
        return frozenset((*self.compromised_hosts, *self.compromised_users, *domain))
