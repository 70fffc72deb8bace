"""What exists in an organisation: inventory, never evidence."""

from opensec_inspect.frozen import Frozen


class Host(Frozen):
    """A machine of the organisation."""

    id: str
    """Opaque, for example `h-4c1e`."""
    hostname: str
    """Without the organisation's suffix, for example `kestrel-22`."""
    ip: str
    """For example `10.21.8.40`."""
    role: str
    """For example `workstation` or `file server`."""
    owner: str | None = None
    """Id of the user it was issued to; None for shared machines."""


class User(Frozen):
    """A person with an account."""

    id: str
    """Opaque, for example `u-9b07`."""
    name: str
    """For example `Mara Okafor`."""
    email: str
    """For example `mara.okafor@northlake.example`."""
    account: str
    """For example `mokafor`."""
    department: str
    """For example `Finance`."""
    title: str
    """For example `Analyst`."""


class DataAsset(Frozen):
    """Something worth stealing."""

    id: str
    """Opaque, for example `d-17fa`."""
    path: str
    """For example `/srv/projects/bids-2025`."""
    host: str
    """Id of the host that stores it."""
    classification: str
    """For example `confidential`."""


class Network(Frozen):
    """What exists: inventory, never evidence."""

    organisation: str
    """For example `Northlake Instruments`."""
    suffix: str
    """The organisation's DNS suffix, for example `northlake.example`."""
    hosts: tuple[Host, ...]
    """6 to 12."""
    users: tuple[User, ...]
    """6 to 12."""
    domains: tuple[str, ...]
    """Domains outside the organisation that anything in the scenario talks to; 8 to 15, sorted."""
    data_assets: tuple[DataAsset, ...]
    """3 to 6."""
