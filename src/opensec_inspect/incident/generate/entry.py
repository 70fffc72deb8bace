"""How a case began: the rows of each way in, real or not, and what its rows settle."""

from opensec_inspect.incident.forms import Party, Pen, data
from opensec_inspect.incident.rows import Row
from opensec_inspect.incident.scenario import AttributionField, Settled, Vector

ENTRY_TECHNIQUE: dict[Vector, str] = {
    "credential_phish": "T1566.002",
    "malicious_attachment": "T1566.001",
    "oauth_consent": "T1528",
    "mfa_fatigue": "T1621",
}
"""ATT&CK technique of each way in. Source: MITRE ATT&CK, Enterprise."""


def entry_rows(pen: Pen, who: Party, vector: Vector, at: int) -> tuple[list[Row], list[Row]]:
    """What a way in leaves, real or not: all its rows, and those of them that settle the vector."""
    form = vector == "credential_phish"
    visit = pen.visit(at + 2, who, protocol="https-form" if form else "https")
    start = pen.macro(at, who) if vector == "malicious_attachment" else pen.browse(at, who)
    rows = [start, visit]
    if vector == "oauth_consent":
        app = pen.dice.pick(data("words")["apps"])
        detail = f"app={app} publisher={who.domain}"
        grant = pen.sign_in(at + 30, who.user, who.host, method="oauth_grant", detail=detail)
        return [*rows, grant], [grant]
    if vector == "mfa_fatigue":
        asked = [
            pen.sign_in(at + 20 + 15 * n, who.user, who.host, method="mfa_push", result="denied")
            for n in range(3)
        ]
        yes = pen.sign_in(at + 66, who.user, who.host, method="mfa_push")
        return [*rows, *asked, yes], [*asked, yes]
    return rows, [visit if form else start]


def settled_by(
    entry: list[Row], vector_rows: list[Row], data_rows: list[str], extra: list[str]
) -> tuple[Settled, ...]:
    """Which rows settle which field; `extra` settle all of them."""
    start, visit = entry[0].key, entry[1].key
    signed = [row.key for row in vector_rows if row.table == "auth_logs"]
    by_field: dict[AttributionField, list[str]] = {
        "patient_zero_host": [start, visit, *signed],
        "compromised_user": [start, *signed],
        "attacker_domain": [start, visit],
        "data_target": data_rows,
        "initial_vector": [row.key for row in vector_rows],
    }
    return tuple(
        Settled(field=field, rows=tuple(dict.fromkeys([*keys, *extra]))) for field, keys in by_field.items()
    )
