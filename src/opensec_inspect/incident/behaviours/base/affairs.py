"""What an organisation is busy with: projects, files, meetings, people outside; texts cite them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.facts.entities import Account, DataAsset, Noise, Organisation, OutsideName
from opensec_inspect.incident.facts.lists import read_list, side_of
from opensec_inspect.incident.facts.organisations import profile, site
from opensec_inspect.incident.facts.people import plain
from opensec_inspect.incident.facts.vendors import fixed_domain

VISITED = ("saas", "news", "partner", "customer", "vendor", "cdn", "advertising", "government")
OPEN_SHARES = "internal"
SOFTWARE = frozenset({"vendor", "saas", "cdn", "hosting"})


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody outside who writes."""

    name: str
    address: str
    company: str
    domain: str


@dataclass(frozen=True, slots=True)
class Affairs:
    """What people of an organisation work on and with."""

    projects: tuple[str, ...]
    files: tuple[str, ...]
    """Names without ending."""
    meetings: tuple[str, ...]
    contacts: tuple[Contact, ...]
    senders: tuple[Contact, ...]
    """Machines outside that send notices: newsletters, services."""
    visited: tuple[str, ...]
    """Domains that people browse, the common ones several times."""
    sites_visited: tuple[str, ...]
    """Hosts that people open by name."""
    applications: tuple[str, ...]
    """Names of applications that are not Microsoft's."""
    shares: tuple[DataAsset, ...]
    sites: tuple[DataAsset, ...]

    def share(self, dice: Dice, account: Account) -> DataAsset:
        """A share that the person uses: their department's, or one for all."""
        own = [one for one in self.shares if account.department in one.path]
        return (
            dice.pick(own)
            if own and dice.chance(0.6)
            else dice.pick([s for s in self.shares if s.classification == OPEN_SHARES])
        )

    def site(self, dice: Dice, account: Account) -> str:
        """Address of a site that the person uses; the board's is for executives."""
        return dice.pick(
            [s.path for s in self.sites if s.classification != "restricted" or account.role == "executive"]
        )


@lru_cache(maxsize=64)
def affairs(key: str, noise: Noise) -> Affairs:
    """What an organisation is busy with."""
    found, words, dice = site(key, noise).organisation, read_list("affairs"), Dice(f"{key}|affairs")
    projects = tuple(
        f"{dice.pick(words['project_first'])} {second}" for second in dice.some(words["project_second"], 9)
    )
    parts = (words["file_first"], ("_", "-", " "), words["file_second"], words["file_end"])
    files = tuple("".join(dice.pick(part) for part in parts) for _ in range(60))
    names = {n.domain: n for n in found.names}
    visited = [d for d, n in names.items() if n.category in VISITED and dice.chance(0.75)]
    visited += [fixed_domain(key, "platform")] * 4 + [
        fixed_domain(key, s) for s in ("cdn", "erp", "people", "expenses", "cdn")
    ]
    label = {domain: n.hosts[0] if n.hosts else "www" for domain, n in names.items()}
    return Affairs(
        projects=projects,
        files=files,
        meetings=tuple(words["meetings"][profile(key)["trade"]] + words["meetings"]["all"]),
        contacts=tuple(
            contacts_of(
                key,
                [d for d, n in names.items() if n.category in {"partner", "customer", "vendor", "webmail"}],
            )
        ),
        senders=tuple(
            _senders(
                key,
                [d for d, n in names.items() if n.category in {"saas", "news", "advertising", "government"}],
            )
        ),
        visited=tuple(visited),
        sites_visited=tuple(f"{label[d]}.{d}" for d in visited),
        applications=tuple(a.name for a in found.applications if a.publisher != "Microsoft Services"),
        shares=tuple(
            a
            for a in found.assets
            if a.path.startswith("\\\\") and "ERPData" not in a.path and "Repository" not in a.path
        ),
        sites=tuple(a for a in found.assets if a.path.startswith("https")),
    )


def procedures(organisation: Organisation) -> tuple[str, ...]:
    """Numbers of the organisation's own guides for responders, for example `ACM-IR-07`."""
    dice = Dice(f"{organisation.key}|procedures")
    return tuple(f"{organisation.netbios}-IR-{at:02d}" for at in sorted(dice.some(range(3, 20), 4)))


def password(dice: Dice) -> str:
    """A password as people make one up for an archive, for example `Renewal-2291`."""
    word = str(dice.pick(read_list("affairs")["project_second"]))
    end = dice.between(10, 9999)
    return dice.pick((f"{word}-{end}", f"{word}{end}!", f"{word.lower()}{end}", f"{word}_{end}"))


def makes_software(name: OutsideName) -> bool:
    """Whether a company outside makes or runs software for others; other vendors sell goods."""
    goods = read_list("outside")["words"]["vendor"]
    sells = name.domain.rsplit(".", 1)[0].endswith(tuple(goods))
    return name.category in SOFTWARE and not sells


def company(domain: str) -> str:
    """What the holder of a domain calls itself."""
    return domain.rsplit(".", 1)[0].replace("-", " ").title()


def contacts_of(key: str, domains: Sequence[str]) -> list[Contact]:
    """One or two people per partner, customer and vendor; their names are not those of employees."""
    locales, found = read_list("people")["locales"], []
    for domain in domains:
        dice = Dice(f"{key}|contact|{domain}")
        for _ in range(dice.between(1, 2)):
            locale = locales[dice.pick(sorted(locales))]
            given, family = (
                dice.pick(locale["given"]),
                dice.pick(locale["family"][0 if side_of(key) == "train" else 1 :: 2]),
            )
            found.append(
                Contact(
                    f"{given} {family}", f"{plain(given)}.{plain(family)}@{domain}", company(domain), domain
                )
            )
    return found


def _senders(key: str, domains: Sequence[str]) -> list[Contact]:
    boxes = ("no-reply", "notifications", "news", "service", "info")
    return [
        Contact(company(d), f"{Dice(f'{key}|sender|{d}').pick(boxes)}@{d}", company(d), d) for d in domains
    ]
