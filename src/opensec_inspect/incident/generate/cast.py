"""Who plays which part in a scenario: drawn once, before any row is written."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.generate.network import looks_shady
from opensec_inspect.incident.scenario.network import DataAsset, Host, Network
from opensec_inspect.incident.scenario.scenario import VECTORS, Difficulty, Priors, Vector
from opensec_inspect.incident.telemetry.clusters import CAUSES, Item, draw_item
from opensec_inspect.incident.telemetry.forms import Party

DECOYS: dict[Difficulty, tuple[int, int]] = {"trivial": (0, 0), "easy": (1, 1), "standard": (2, 3)}


class Cast(Frozen):
    """The parts of one scenario."""

    case: Party
    """Patient zero, its user and the attacker's domain (in a twin: the innocent activity's)."""
    vector: Vector
    cause: str
    """The innocent cause, true in the twin and nearly so in the incident."""
    stepping_stone: Host
    """First lateral host."""
    other_stone: Host
    """Alternate lateral host."""
    target: DataAsset
    second_victim: Party
    """Whom a second phishing mail would reach."""
    decoys: tuple[Item, ...]
    """Benign parties of the incident's own, each with an alert and records that explain it."""
    stranger: Party
    """A benign party that false friends borrow from."""


def draw_cast(dice: Dice, network: Network, *, difficulty: Difficulty, priors: Priors) -> Cast:
    """Parts for a scenario; every part is drawn from all that could play it."""
    users = {user.id: user for user in network.users}
    stations = dice.shuffled([h for h in network.hosts if h.owner is not None])
    target = dice.pick(network.data_assets)
    stone = next(host for host in network.hosts if host.id == target.host)
    other = next(h for h in network.hosts if h.role == "file server" and h.id != stone.id)
    attacker_domain, others = _domains(dice, network, priors)
    parties = [
        Party(host=h, user=users[h.owner or ""], domain=d) for h, d in zip(stations, others, strict=False)
    ]
    vector = dice.pick(VECTORS)
    low, high = DECOYS[difficulty]
    count = min(dice.between(low, high), len(parties) - 3)
    return Cast(
        case=parties[0].model_copy(update={"domain": attacker_domain}),
        vector=vector,
        cause=dice.pick(CAUSES[vector]),
        stepping_stone=stone,
        other_stone=other,
        target=target,
        second_victim=parties[1].model_copy(update={"domain": attacker_domain}),
        stranger=parties[2],
        decoys=tuple(
            draw_item(dice, party, dice.pick([p for p in parties if p is not party]))
            for party in parties[3 : 3 + count]
        ),
    )


def _domains(dice: Dice, network: Network, priors: Priors) -> tuple[str, list[str]]:
    """The attacker's domain and the others, so ordered that the decoys' names pull as `priors` says."""
    shady = dice.shuffled([d for d in network.domains if looks_shady(d)])
    plain = dice.shuffled([d for d in network.domains if not looks_shady(d)])
    if priors == "aligned":
        return shady[0], [*plain, *shady[1:]]
    if priors == "inverted":
        return plain[0], [plain[1], plain[2], plain[3], *shady, *plain[4:]]
    mixed = dice.shuffled(network.domains)
    return mixed[0], mixed[1:]
