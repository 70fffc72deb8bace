"""The vendors whose services and programs an organisation uses.

Each service has a pool of vendors per side, and an organisation has drawn one of them. The tenant platform,
its updates and its link filter are one vendor's for a whole side, as they are for most of the world; the
rules name their domains as common ones.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.entities import NameCategory
from opensec_inspect.incident.facts.lists import read_list, side_of


class Vendor(Frozen):
    """Who provides a service to an organisation."""

    service: str
    """For example `rmm` or `backup`."""
    category: NameCategory | None = None
    """Of its domain; None for a vendor of programs alone."""
    domain: str = ""
    hosts: tuple[str, ...] = ()
    products: Mapping[str, tuple[Any, ...]] = {}
    """By key: file, folder, company, whether its signature is trusted, how widely it is installed."""
    applications: tuple[tuple[str, str, bool], ...] = ()
    """Name, publisher, whether the publisher is verified."""


@lru_cache(maxsize=64)
def vendors(key: str) -> dict[str, Vendor]:
    """The vendor of each service that the organisation uses."""
    return {
        service: Vendor(
            service=service,
            category=pool.get("category"),
            hosts=pool.get("hosts", ()),
            **Dice(f"{key}|vendor|{service}").pick(pool["vendors"]),
        )
        for service, pool in read_list("vendors")[side_of(key)].items()
    }


def fixed_domain(key: str, service: str) -> str:
    """The domain of a service that the organisation uses, for example `rmm` or `platform`."""
    return vendors(key)[service].domain
