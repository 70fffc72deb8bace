"""What an action is answered, in its published form, and which row ids the answer exposes."""

import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.database import is_select, query
from opensec_inspect.v1.evidence import EvidenceRow
from opensec_inspect.v1.moves import CONTAINMENT_PARAMETER, V1Action
from opensec_inspect.v1.published import Table

_DONE_KEY: Mapping[str, str] = {
    "isolate_host": "isolated_host",
    "block_domain": "blocked_domain",
    "reset_user": "reset_user",
}
# A query exposes a row when its answer has one of these columns: v1 cannot tell what a row says.
_ID_COLUMNS = ("email_id", "alert_id", "auth_id", "flow_id", "event_id")
_ALERT_PAIR = re.compile(r"([a-zA-Z_]+)=([a-zA-Z0-9_.:@-]+)")


class Answer(Frozen):
    """The answer to one action."""

    data: Mapping[str, JsonValue]
    """The published form, e.g. `{"ok": true, "rows": [...]}`."""
    read_ids: tuple[str, ...] = ()
    """Row ids that count as read from now on, sorted; a fetched id counts whether or not it exists."""


def answer(rows: Sequence[EvidenceRow], action: V1Action, *, now: str) -> Answer:
    """The answer to an action over the rows that exist, at an ISO time.

    `ok` is the published one: true also for a containment that names nothing and for a type of action
    that does not exist.
    """
    kind = action.action_type
    if kind == "query_logs":
        return _queried(rows, action.params.get("sql", ""), now)
    if kind == "fetch_email":
        return _fetched(rows, "email_logs", action.params.get("email_id"))
    if kind == "fetch_alert":
        return _fetched(rows, "alerts", action.params.get("alert_id"))
    if kind in CONTAINMENT_PARAMETER:
        return Answer(data={"ok": True, _DONE_KEY[kind]: action.params.get(CONTAINMENT_PARAMETER[kind])})
    return Answer(data={"ok": True})


def _queried(rows: Sequence[EvidenceRow], sql: JsonValue, now: str) -> Answer:
    if not isinstance(sql, str) or not is_select(sql):
        return Answer(data={"ok": False, "error": "only SELECT queries are allowed"})
    found = query(rows, sql, now=now)
    if found.error is not None:
        return Answer(data={"ok": False, "error": found.error})
    ids = {str(row[name]) for row in found.rows for name in _ID_COLUMNS if name in row}
    return Answer(data={"ok": True, "rows": [dict(row) for row in found.rows]}, read_ids=tuple(sorted(ids)))


def _fetched(rows: Sequence[EvidenceRow], table: Table, row_id: JsonValue) -> Answer:
    name = "email" if table == "email_logs" else "alert"
    if not row_id or not isinstance(row_id, str):
        return Answer(data={"ok": False, "error": f"{name}_id required"})
    row = next((r for r in rows if r.table == table and r.row_id == row_id), None)
    shown: dict[str, JsonValue] | None = {**row.named()} if row else None
    data: dict[str, JsonValue] = {"ok": True, f"{name}_id": row_id, name: shown}
    if table == "alerts":
        data["parsed"] = dict(_ALERT_PAIR.findall(str(shown["message"]))) if shown else {}
    return Answer(data=data, read_ids=(row_id,))
