"""What becomes of an event under containment."""

from dataclasses import replace

from opensec_inspect.incident.facts.events import AnyEvent, CloudOperated, SignedIn
from opensec_inspect.incident.facts.records import Checked
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.reaction.desk_calls import calls_about
from opensec_inspect.incident.reaction.table import BY_KIND, Ending, Reaction


def react(event: AnyEvent, contained: frozenset[str], scene: Scene) -> tuple[AnyEvent, ...]:
    """What becomes of an event under containment: itself, changed, or nothing; then what follows from that.

    `contained` are ids of hosts and accounts, and domains. What follows are calls to the desk by people who
    were stopped. Their ids are those of person, entity and day: of several with one id the first happens.
    """
    if not contained:
        return (event,)
    for reaction in BY_KIND[event.kind]:
        hit = _hit(reaction, event, contained, scene)
        if hit is not None:
            return (*_ended(event, reaction.ending), *calls_about(event, hit, contained, scene))
    return (event,)


def _hit(reaction: Reaction, event: AnyEvent, contained: frozenset[str], scene: Scene) -> str | None:
    """The contained entity that the reaction is about; None when it does not apply."""
    if reaction.ending == "goes_on":
        return None
    for entity in reaction.entities(event, scene):
        if reaction.containment != "block_domain":
            if entity in contained:
                return entity
        elif (found := _registered(entity, contained)) is not None:
            return found
    return None


def _registered(name: str, contained: frozenset[str]) -> str | None:
    """The contained domain that a name is or ends in."""
    labels = name.lower().split(".")
    return next((d for n in range(len(labels)) if (d := ".".join(labels[n:])) in contained), None)


def _ended(event: AnyEvent, ending: Ending) -> tuple[AnyEvent, ...]:
    if ending == "does_not_happen":
        return ()
    if isinstance(event, SignedIn) and ending == "account_reset":
        # Who types the old password is told so; a token that was given earlier is found revoked.
        code = 50126 if event.interactive else 50173
        return (replace(event, result=code, mfa="", outcome=ending),)
    if isinstance(event, CloudOperated) and ending == "token_refused":
        return (_renewal(event),)
    if isinstance(event, Checked):
        return (replace(event, answer="unreachable"),)
    return (replace(event, outcome=ending),)


def _renewal(event: CloudOperated) -> SignedIn:
    """The refused sign-in that stands where the operation would have."""
    return SignedIn(
        id=event.id,
        at_ms=event.at_ms,
        lag_ms=event.lag_ms,
        cause=event.cause,
        outcome="account_reset",
        account=event.account,
        app=event.app or "Office 365 Exchange Online",
        address=event.address,
        device=event.device,
        session=event.session,
        user_agent=event.user_agent,
        interactive=False,
        result=50173,
    )
