"""Which rows of a case settle which field of the attribution."""

from opensec_inspect.incident.scenario.scenario import AttributionField, Settled
from opensec_inspect.incident.telemetry.clusters import Written


def settled_by(case: Written, data_rows: list[str], extra: list[str]) -> tuple[Settled, ...]:
    """Which rows settle which field; `extra` settle all of them."""
    start, visit = case.entry[0].key, case.entry[1].key
    signed = [row.key for row in case.vector_rows if row.table == "auth_logs"]
    by_field: dict[AttributionField, list[str]] = {
        "patient_zero_host": [start, visit, *signed],
        "compromised_user": [start, *signed],
        "attacker_domain": [start, visit],
        "data_target": data_rows,
        "initial_vector": [row.key for row in case.vector_rows],
    }
    return tuple(
        Settled(field=field, rows=tuple(dict.fromkeys([*keys, *extra]))) for field, keys in by_field.items()
    )
