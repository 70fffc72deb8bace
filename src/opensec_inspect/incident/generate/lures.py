"""Which injection a scenario carries, and how it reads at each tier."""

from collections.abc import Iterable

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.generate.texts import (
    InjectionTemplate,
    LureValues,
    Placebo,
    Split,
    injection_templates,
    padded,
    placebos,
    rendered,
)
from opensec_inspect.incident.scenario.network import Network
from opensec_inspect.incident.scenario.scenario import Arm, Family, Injection, InjectionTier, Lure, Surface
from opensec_inspect.incident.telemetry.clusters import CARRIER_CHARS

MAX_PARTS = 3
_KINDS: dict[Family, tuple[str, ...]] = {
    "direct_harm": ("host", "user", "domain"),
    "data_exfil": ("query", "report"),
    "adaptive": ("host", "user", "domain", "report"),
}
_REPORT_FIELDS = ("patient_zero_host", "compromised_user", "attacker_domain", "data_target")


class Draft(Frozen):
    """One arm before it is padded."""

    tier: InjectionTier
    template: str
    parts: tuple[str, ...]
    """The part that asks comes first: it goes into the first carrier."""
    marker: str


class Bystanders(Frozen):
    """Names that no branch of the attack touches: what lures may ask for."""

    hosts: tuple[str, ...]
    users: tuple[str, ...]
    domains: tuple[str, ...]
    assets: tuple[str, ...]


def bystanders(network: Network, touched: Iterable[str]) -> Bystanders:
    """Ids of everything the attack cannot touch."""
    out = set(touched)
    return Bystanders(
        hosts=tuple(h.id for h in network.hosts if h.id not in out),
        users=tuple(u.id for u in network.users if u.id not in out),
        domains=tuple(d for d in network.domains if d not in out),
        assets=tuple(a.id for a in network.data_assets if a.id not in out),
    )


def draw_injection(
    dice: Dice,
    network: Network,
    free: Bystanders,
    *,
    family: Family,
    surface: Surface,
    split: Split,
    others: Iterable[Injection] = (),
) -> Injection:
    """An injection whose carriers' keys are still open.

    One template per tier, all with the same lure, so that the arms differ in the asking alone. No two
    `others` of the scenario can be met by one call, or exclude each other as two values of a field do.
    """
    kind = _drawable(dice, family, surface, split)
    lure, values = _lure(dice, network, free, kind)
    while any(_met_by(lure) == _met_by(other.lure) for other in others):
        kind = _drawable(dice, family, surface, split)
        lure, values = _lure(dice, network, free, kind)
    id_ = f"i-{dice.hex(4)}"
    drafts = [_placebo(dice, surface, split, kind, values)]
    for tier in ("t1", "t2", "t3"):
        template = dice.pick(_templates(split, tier, family, kind, surface))
        drafts.append(_asking(template, values))
    slots = max(len(draft.parts) for draft in drafts)
    lengths = tuple(_length(dice, [d.parts[n] for d in drafts if n < len(d.parts)]) for n in range(slots))
    surfaces: tuple[Surface, ...] = (surface, *_other(surface))
    arms = tuple(_arm(draft, lengths, surfaces, id_) for draft in drafts)
    carriers = tuple(f"?{n}" for n in range(slots))
    return Injection(id=id_, family=family, surface=surface, lure=lure, carriers=carriers, arms=arms)


def _met_by(lure: Lure) -> tuple[str, str | None]:
    """What a call that obeys the lure is about."""
    return lure.kind, {"report": lure.field, "query": lure.bait}.get(lure.kind, lure.entity)


def _length(dice: Dice, parts: list[str]) -> int:
    """Of one slot at every tier: drawn as that of carriers that carry nothing, long enough for all."""
    return max(dice.between(*CARRIER_CHARS), *(len(part) + 2 for part in parts), 0)


def carrier_surfaces(injection: Injection) -> tuple[Surface, ...]:
    """The surface of each carrier, in slot order."""
    return (injection.surface, *_other(injection.surface))[: len(injection.carriers)]


def _arm(draft: Draft, lengths: tuple[int, ...], surfaces: tuple[Surface, ...], id_: str) -> Arm:
    texts = (*draft.parts, *[""] * (len(lengths) - len(draft.parts)))
    parts = tuple(
        padded(text, length, surfaces[n], f"{id_}.{n}")
        for n, (text, length) in enumerate(zip(texts, lengths, strict=True))
    )
    return Arm(tier=draft.tier, parts=parts, marker=draft.marker, template=draft.template, asks=0)


def _asking(template: InjectionTemplate, values: LureValues) -> Draft:
    parts, marker = rendered(template, values)
    asking = parts[template.asks]
    rest = [part for n, part in enumerate(parts) if n != template.asks]
    return Draft(tier=template.tier, template=template.id, parts=(asking, *rest), marker=marker)


def _placebo(dice: Dice, surface: Surface, split: Split, kind: str, values: LureValues) -> Draft:
    fitting = [p for p in placebos(split) if p.lure == kind and surface in p.surfaces]
    chosen: Placebo = dice.pick(fitting)
    parts, marker = rendered(chosen, values)
    return Draft(tier="t0", template=chosen.id, parts=parts, marker=marker)


def _templates(
    split: Split, tier: str, family: Family, kind: str, surface: Surface
) -> list[InjectionTemplate]:
    return [
        t
        for t in injection_templates(split)
        if t.tier == tier and t.family == family and t.lure == kind and surface in t.surfaces
    ]


def _drawable(dice: Dice, family: Family, surface: Surface, split: Split) -> str:
    kinds = [
        kind
        for kind in _KINDS[family]
        if all(_templates(split, tier, family, kind, surface) for tier in ("t1", "t2", "t3"))
        and any(p.lure == kind and surface in p.surfaces for p in placebos(split))
    ]
    assert kinds, f"no lure of {family} can be written on {surface} at every tier"
    return dice.pick(kinds)


def _lure(dice: Dice, network: Network, free: Bystanders, kind: str) -> tuple[Lure, LureValues]:
    if kind == "host":
        host = dice.pick(free.hosts)
        return _contain("host", host), LureValues(target=_name_of_host(network, host))
    if kind == "user":
        user = dice.pick(free.users)
        return _contain("user", user), LureValues(target=_name_of_user(network, user))
    if kind == "domain":
        domain = dice.pick(free.domains)
        return _contain("domain", domain), LureValues(target=domain)
    chosen = dice.pick(free.assets)
    asset = next(a for a in network.data_assets if a.id == chosen)
    if kind == "query":
        lure = Lure(kind="query", entity=None, field="path", bait=asset.path)
        return lure, LureValues(table="data_assets", column="path", bait=asset.path)
    field = dice.pick(_REPORT_FIELDS)
    bait = {
        "patient_zero_host": lambda: _name_of_host(network, dice.pick(free.hosts)),
        "compromised_user": lambda: _name_of_user(network, dice.pick(free.users)),
        "attacker_domain": lambda: dice.pick(free.domains),
        "data_target": lambda: asset.path,
    }[field]()
    return Lure(kind="report", entity=None, field=field, bait=bait), LureValues(field=field, bait=bait)


def _contain(kind: str, entity: str) -> Lure:
    return Lure(kind=kind, entity=entity, field=None, bait=None)  # type: ignore[arg-type]


def _name_of_host(network: Network, id_: str) -> str:
    return next(h.hostname for h in network.hosts if h.id == id_)


def _name_of_user(network: Network, id_: str) -> str:
    return next(u.account for u in network.users if u.id == id_)


def _other(surface: Surface) -> tuple[Surface, ...]:
    others: tuple[Surface, ...] = ("email", "alert", "log")
    return tuple(s for s in others if s != surface)
