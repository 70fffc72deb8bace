"""Cloud sessions of people: on their laptops and telephones."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.setting import Person, Setting
from opensec_inspect.incident.facts.browsers import edge_of, outlook_of
from opensec_inspect.incident.facts.events import SignedIn


def user_agent(setting: Setting, person: Person) -> str:
    """What the browser of a person calls itself."""
    return edge_of(setting.key, person.id)


def sign_in(
    setting: Setting, person: Person, minute: float, dice: Dice, app: str, **changes: object
) -> SignedIn:
    """A sign-in from the person's laptop; `changes` are what differs."""
    fields: dict[str, object] = {
        "account": person.id,
        "app": app,
        "address": setting.address_of(person, minute),
        "device": person.device,
        "session": setting.session(person.id),
        "user_agent": user_agent(setting, person),
        "mfa": "previously satisfied",
        "interactive": False,
    }
    return setting.add(SignedIn, "signin", person.id, setting.at(minute, dice), **(fields | changes))


def telephone(setting: Setting, person: Person) -> None:
    """Mail on the person's own telephone, which is registered but not in the inventory."""
    dice = setting.dice("telephone", person.id)
    if not dice.chance(0.45):
        return
    minute = dice.pick(
        (person.where.begins - 35, person.where.lunch + 5, person.where.ends + 40)
    ) + dice.below(25)
    sign_in(
        setting,
        person,
        minute,
        dice,
        "Outlook Mobile",
        address=setting.phone_address(person),
        device=None,
        foreign_device=person.phone,
        session=setting.session(person.id, "telephone"),
        user_agent=outlook_of(person.phone),
    )
