"""The people of an organisation, and its service accounts."""

import unicodedata
from collections import Counter
from functools import cache

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.entities import Account, PersonRole
from opensec_inspect.incident.facts.lists import guid, read_list, side_of, unique_hex

CORE_ACCOUNTS = 25
"""Accounts that the `desk` noise keeps: the first ones."""
OTHER_ORIGIN = 0.4
"""Share of people whose name is not of the country's own locale; a setting, not a measurement."""
SPECIAL_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "-": ""})
DIAL_CODES = {
    "GB": "+44", "IE": "+353", "NL": "+31", "CA": "+1", "DE": "+49", "ZA": "+27", "AU": "+61", "PT": "+351",
    "SE": "+46", "FR": "+33", "NO": "+47", "NZ": "+64", "PL": "+48", "FI": "+358", "AT": "+43", "US": "+1",
    "DK": "+45", "ES": "+34",
}  # fmt: skip


class Post(Frozen):
    """One place on the staff list."""

    role: PersonRole
    department: str
    title: str
    """Of a service account: its account name."""
    manager: int | None
    """Index of the manager's post."""
    starts_h: int
    ends_h: int
    """Local hours of the shift; a night shift ends the next day."""
    office: int
    """Index of the office."""


@cache
def staff_list(trade: str) -> tuple[Post, ...]:
    """The posts of an organisation of that trade: the core first, 70 in all."""
    work = read_list("organisations")["trades"][trade]
    words = {"operations": work["operations"]} | {f"line{n}": title for n, title in enumerate(work["line"])}
    rows = read_list("people")["posts"]
    filled = ([cell.format(**words) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return tuple(Post.model_validate(dict(zip(Post.model_fields, row, strict=True))) for row in filled)


def people(key: str, profile: dict[str, str], offices: list[str]) -> tuple[Account, ...]:
    """Everybody with an account; `profile` is the organisation's trade, suffix and country."""
    posts, names = staff_list(profile["trade"]), _names(key, profile["country"])
    dice, taken = Dice(f"{key}|accounts"), set[str]()
    ids = [f"u-{unique_hex(dice, 4, taken)}" for _ in posts]
    domain_sid = "S-1-5-21-" + "-".join(str(dice.between(700_000_000, 3_900_000_000)) for _ in range(3))
    relative, logins, found = dice.between(1104, 1190), set[str](), []
    for index, post in enumerate(posts):
        relative += dice.between(1, 17)
        name, local, sam = _spelled(post, names[index], logins)
        found.append(
            Account(
                id=ids[index],
                display_name=name,
                upn=f"{local}@{profile['suffix']}",
                sam=sam,
                sid=f"{domain_sid}-{relative}",
                object_id=guid(dice),
                role=post.role,
                department=post.department,
                title=post.title if post.role != "service" else "Service account",
                office=offices[post.office],
                phone="" if post.role == "service" else _phone(dice, profile["country"]),
                manager=None if post.manager is None else ids[post.manager],
                shift=(post.starts_h, post.ends_h),
            )
        )
    return tuple(found)


def plain(name: str) -> str:
    """A name in the letters of mail addresses."""
    letters = unicodedata.normalize("NFKD", name.translate(SPECIAL_LETTERS))
    return "".join(c for c in letters if c.isascii() and c.isalpha()).lower()


def _names(key: str, country: str) -> list[tuple[str, str]]:
    """Given and family name per post; the family names of the two sides differ, so no full name is shared."""
    lists = read_list("people")
    locales, side, dice = lists["locales"], side_of(key), Dice(f"{key}|names")
    home = next((name for name, one in locales.items() if country in one["countries"]), "english")
    families, given_names, found = Counter[str](), Counter[str](), list[tuple[str, str]]()
    while len(found) < len(lists["posts"]):
        locale = locales[dice.pick(sorted(locales)) if dice.chance(OTHER_ORIGIN) else home]
        family = dice.pick(locale["family"][0 if side == "train" else 1 :: 2])
        given = dice.pick((locale if dice.chance(0.85) else locales[home])["given"])
        room = 1 if len(found) < CORE_ACCOUNTS else 2
        if families[family] < room and given_names[given] < 2:
            families[family] += 1
            given_names[given] += 1
            found.append((given, family))
    for later, earlier in lists["namesakes"]:
        found[later] = found[earlier]
    return found


def _spelled(post: Post, name: tuple[str, str], logins: set[str]) -> tuple[str, str, str]:
    """Display name, local part of the mail address and Windows account name."""
    if post.role == "service":
        return read_list("people")["services"][post.title], post.title, post.title
    given, family = name
    base, local, number = (plain(given)[0] + plain(family))[:18], f"{plain(given)}.{plain(family)}", 1
    sam = base
    while sam in logins or local in logins:
        number += 1
        sam, local = f"{base}{number}", f"{plain(given)}.{plain(family)}{number}"
    logins |= {sam, local}
    return f"{given} {family}", local, sam


def _phone(dice: Dice, country: str) -> str:
    return f"{DIAL_CODES[country]} {dice.between(20, 89)} {dice.between(100, 999)} {dice.between(1000, 9999)}"
