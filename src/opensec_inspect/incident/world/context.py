"""Rows of the context tables: inventories and the data dictionary. Context, never evidence."""

from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.identifiers import fqdn, hostname, upn
from opensec_inspect.incident.sensors.rows import Cell
from opensec_inspect.incident.sensors.schema.dictionary import dictionary_rows

Rows = tuple[tuple[Cell, ...], ...]


def context_rows(scene: Scene) -> dict[str, Rows]:
    """Rows per context table in the columns' order, and the leases by time; sorted by id or name.

    `hosts.ip` is left empty: the view puts the lease of the moment there.
    """
    return {
        "hosts": _hosts(scene),
        "leases": tuple(
            (lease.device, lease.address, lease.from_ms, lease.until_ms)
            for leases in scene.leases.values()
            for lease in leases
        ),
        "users": _users(scene),
        "data_assets": tuple(
            sorted(
                (a.id, a.path, hostname(a.device, scene), upn(a.owner, scene), a.classification)
                for a in scene.assets.values()
            )
        ),
        "domains": tuple(
            sorted(
                (n.domain, " ".join(n.addresses), n.registered_on, n.registrar, n.category)
                for n in scene.names.values()
            )
        ),
        "software": tuple(
            sorted(
                (b.file_name, b.company, b.sha256, b.signer, b.prevalence) for b in scene.binaries.values()
            )
        ),
        "data_dictionary": dictionary_rows(),
    }


def _hosts(scene: Scene) -> Rows:
    return tuple(
        (
            d.id,
            d.hostname,
            fqdn(d.id, scene),
            None,
            d.role,
            upn(d.owner, scene),
            "yes" if d.shared else "no",
            d.os_build,
            d.serial,
            d.asset_tag,
            d.enrolled_at,
            d.device_id,
        )
        for d in sorted(scene.devices.values(), key=lambda d: d.id)
    )


def _users(scene: Scene) -> Rows:
    domain = scene.organisation.netbios
    return tuple(
        (
            a.id,
            a.display_name,
            a.upn,
            f"{domain}\\{a.sam}",
            a.sid,
            a.object_id,
            a.department,
            a.title,
            a.office,
            a.phone,
            upn(a.manager, scene),
        )
        for a in sorted(scene.accounts.values(), key=lambda a: a.id)
    )
