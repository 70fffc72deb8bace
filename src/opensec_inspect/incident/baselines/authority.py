"""What others said about records: one statement over calls, approvals and the records' later lines."""

from collections.abc import Iterable

from opensec_inspect.core.conversation import Call
from opensec_inspect.incident.baselines.calls import query
from opensec_inspect.incident.baselines.procedure import Rows, quoted

REFUSED = frozenset({"denied", "rejected", "withdrawn", "Cancelled"})
ALLOWED = frozenset({"confirmed", "approved", "Closed", "Scheduled"})


def words_about(numbers: Iterable[str]) -> Call:
    """Every word about some tickets or entries, by time: `Form` says of what kind, `Word` what was said.

    A call counts when its number came from the personnel system.
    """
    listed = ", ".join(quoted(number) for number in sorted(set(numbers))) or "''"
    return query(f"""SELECT timestamp, About AS Number, 'call' AS Form, Answer AS Word, Subject AS Person
        FROM identity_checks WHERE About IN ({listed}) AND NumberSource = 'personnel_system'
        UNION ALL SELECT timestamp, Number, iif(RecordType = 'approval', 'approval', 'ticket'),
        iif(RecordType = 'approval', Approval, State), WrittenBy FROM tickets WHERE Number IN ({listed})
        UNION ALL SELECT timestamp, Number, 'entry', Status, Party FROM registers WHERE Number IN ({listed})
        ORDER BY timestamp""")


def allowed(rows: Rows, numbers: Iterable[str]) -> bool | None:
    """Whether others allowed what the records are about; None while nobody has said either.

    Of each form the last word counts; one refusal condemns. An entry of a register that was active from the
    beginning is only a claim: it counts when it had been requested before.
    """
    wanted, last, requested = set(numbers), dict[tuple[str, str], str](), set[tuple[str, str]]()
    for row in rows:
        word, where = str(row["Word"]), (str(row["Number"]), str(row["Form"]))
        if where[0] not in wanted:
            continue
        if word == "requested":
            requested.add(where)
        if word in REFUSED or word in ALLOWED or (word == "active" and where in requested):
            last[where] = word
    said = set(last.values())
    if said & REFUSED:
        return False
    return True if said else None
