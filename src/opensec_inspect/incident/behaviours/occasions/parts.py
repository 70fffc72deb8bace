"""What several occasions share: somebody at work, programs, the addresses of the world outside."""

from collections.abc import Sequence
from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.sessions import sign_in, user_agent
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, minutes
from opensec_inspect.incident.facts.entities import NetworkKind
from opensec_inspect.incident.facts.events import CloudOperated, LoggedOn, SignedIn, Started
from opensec_inspect.incident.facts.lists import guid

EXCHANGE = "Office 365 Exchange Online"
PROMPT = "push, number matching"
TABLETS = (
    "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6"
    " Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0"
    " Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1",
)
"""What telephones and tablets call themselves in a browser."""


def somebody(setting: Setting, dice: Dice, *roles: str) -> tuple[Person, float] | None:
    """Somebody of these roles (any, when none is given) at work with a machine of their own, and a minute."""
    owners = {d.id for d in setting.organisation.devices if d.owner}
    people = [p for p in setting.at_work if p.device in owners and (not roles or p.account.role in roles)]
    if not people:
        return None
    person = dice.pick(people)
    spans = [(person.where.begins + 20, person.where.lunch), (person.where.back, person.where.ends - 40)]
    return person, minutes(dice, spans, 1)[0]


def outside_address(setting: Setting, dice: Dice, *kinds: NetworkKind) -> str:
    """An address outside of one of these kinds."""
    return dice.pick([a.ip for a in setting.organisation.addresses if a.kind in kinds])


def run(
    setting: Setting,
    concern: str,
    device: str,
    account: str,
    minute: float,
    dice: Dice,
    binary: str,
    parent: str,
    line: str,
    **fields: Any,
) -> Started:
    """A program starts."""
    above = setting.scene.binaries[parent]
    fields = {"parent_command_line": f'"{above.folder}\\{above.file_name}"'} | fields
    return setting.add(
        Started,
        concern,
        device,
        setting.at(minute, dice),
        device=device,
        account=account,
        binary=binary,
        command_line=line,
        parent=parent,
        **fields,
    )


def path_of(setting: Setting, binary: str) -> str:
    """Full path of a program."""
    found = setting.scene.binaries[binary]
    return f"{found.folder}\\{found.file_name}"


def log_on(
    setting: Setting,
    concern: str,
    account: str,
    device: str,
    origin: str | None,
    minute: float,
    dice: Dice,
    **fields: Any,
) -> LoggedOn:
    """A log-on over the network; `fields` are what differs."""
    given: dict[str, Any] = {"logon_type": 3} | fields
    return setting.add(
        LoggedOn,
        concern,
        account,
        setting.at(minute, dice),
        account=account,
        device=device,
        origin=origin,
        **given,
    )


def operate(
    setting: Setting, person: Person, minute: float, dice: Dice, operation: str, workload: str, **fields: Any
) -> CloudOperated:
    """An operation in the person's laptop session; `fields` are what differs."""
    given: dict[str, Any] = {
        "address": setting.address_of(person, minute),
        "session": setting.session(person.id),
        "device": person.device,
        "app": EXCHANGE,
        "user_agent": user_agent(setting, person),
    }
    return setting.add(
        CloudOperated,
        "operation",
        person.id,
        setting.at(minute, dice),
        account=person.id,
        operation=operation,
        workload=workload,
        **(given | fields),
    )


def names(people: Sequence[Person]) -> str:
    """The people of a scope, as tickets list them."""
    return ", ".join(p.account.display_name for p in people)


def private(setting: Setting, person: Person, dice: Dice, minute: float, **changes: Any) -> SignedIn:
    """A sign-in in a browser of a telephone or tablet."""
    fields: dict[str, Any] = {
        "address": setting.phone_address(person),
        "device": None,
        "session": guid(dice),
        "user_agent": dice.pick(TABLETS),
        "interactive": True,
        "mfa": PROMPT,
    }
    return sign_in(setting, person, minute, dice, EXCHANGE, **(fields | changes))


def refreshed(setting: Setting, person: Person, dice: Dice, first: SignedIn, minute: float) -> None:
    """The session goes on; its refreshes show the device."""
    for app in dice.some(
        (EXCHANGE, "Microsoft Teams", "OneDrive SyncEngine", "OfficeHome"), dice.between(1, 3)
    ):
        minute += dice.between(6, 50)
        fields = {"address": first.address, "session": first.session, "user_agent": first.user_agent}
        sign_in(setting, person, minute, dice, app, device=None, foreign_device=person.phone, **fields)
