"""Which rows exist when: the published evidence, row ids and columns, without the label columns.

The published tables also carry `is_phish` and `injection_id`, and the published database a table of the
injections with their targets. These are answers, not evidence: they stay out of every table here. A
row knows its injection in Python only.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.moves import NO_OP, V1Move
from opensec_inspect.v1.published import Artifact, Email, Table
from opensec_inspect.v1.scenario import V1Seed
from opensec_inspect.v1.statemachine import matches

Cell = str | int | None

_PROVENANCE = ("trust_tier", "source", "created_at")

COLUMNS: Mapping[Table, tuple[str, ...]] = {
    "email_logs": ("email_id", "scenario_id", "step", "sender", "recipient", "subject", "body", *_PROVENANCE),
    "auth_logs": (
        *("auth_id", "scenario_id", "step", "user_id", "host_id"),
        *("source_ip", "auth_type", "success", *_PROVENANCE),
    ),
    "netflow": (
        *("flow_id", "scenario_id", "step", "src_host", "dst_host", "dst_domain"),
        *("dst_port", "protocol", "bytes_sent", "bytes_received", *_PROVENANCE),
    ),
    "process_events": (
        *("event_id", "scenario_id", "step", "host_id", "user_id"),
        *("process_name", "command_line", "parent_process", *_PROVENANCE),
    ),
    "alerts": (
        *("alert_id", "scenario_id", "step", "alert_type", "severity"),
        *("message", "related_log_id", *_PROVENANCE),
    ),
}
"""The published columns of each table, in published order, without `is_phish` and `injection_id`."""

_DEFAULT_TIME = datetime(2026, 1, 20, tzinfo=UTC)  # The published time of a seed that names none.
_LARGEST_DIGITS = 18  # More digits would not fit SQLite's integer.


class EvidenceRow(Frozen):
    """A row of one of the five tables."""

    table: Table
    """Where it is."""
    step: int
    """The step it carries, which for rows present from the start may be 1 or 2."""
    cells: tuple[Cell, ...]
    """The values, in the order of `COLUMNS`."""
    trust_tier: str | None
    """The published trust tier; None counts as trusted under v1."""
    injection_id: str | None = None
    """The injection planted in it; never shown to the defender."""

    @property
    def row_id(self) -> str:
        """The published row id, e.g. `alert-seed-161-2`."""
        return str(self.cells[0])

    def named(self) -> dict[str, Cell]:
        """The cells by column name, as the defender sees them."""
        return dict(zip(COLUMNS[self.table], self.cells, strict=True))


def opening_rows(seed: V1Seed) -> tuple[EvidenceRow, ...]:
    """The rows present from the start, each with the step it carries.

    With a graph these are its initial artifacts; without one the whole timeline but its variants.
    Raises `BadInputError` when two rows would have the same id.
    """
    if seed.attack_graph:
        drawn = ((artifact.step, artifact) for artifact in seed.attack_graph.initial_artifacts)
    else:
        drawn = (
            (item.step, artifact)
            for item in seed.attack_plan.timeline
            for artifact in item.artifacts
            if not artifact.variant_action_type
        )
    return with_new_rows((), (_row(seed, artifact, step) for step, artifact in drawn))


def rows_left_by(seed: V1Seed, stage: str, move: V1Move, *, step: int) -> tuple[EvidenceRow, ...]:
    """The rows a move made in a stage leaves at a step, whether or not the move succeeded."""
    if seed.attack_graph:
        artifacts = _drawn_artifacts(seed, stage, move)
    else:
        artifacts = _timeline_variants(seed, move, step)
    return tuple(_row(seed, artifact, step) for artifact in artifacts)


def with_new_rows(rows: tuple[EvidenceRow, ...], new: Iterable[EvidenceRow]) -> tuple[EvidenceRow, ...]:
    """The rows and the new ones behind them; an id that exists already raises `BadInputError`."""
    for row in new:
        if any(row.row_id == other.row_id and row.table == other.table for other in rows):
            raise BadInputError(
                f"Two rows of {row.table} would have the id {row.row_id!r}. Under the v1 rules a table has "
                "at most one log row per step and each email once; take one of the two artifacts out."
            )
        rows = (*rows, row)
    return rows


def step_time(seed: V1Seed, step: int) -> str:
    """The ISO time of a step: so many minutes after the scenario's own time."""
    time = _opening_time(seed) + timedelta(minutes=step)
    return time.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def key_values(body: str) -> dict[str, str]:
    """The words of the form key=value in a log line, split at white space; the last of a key wins."""
    pairs = (word.split("=", 1) for word in body.split() if "=" in word)
    return {key.strip(): value.strip() for key, value in pairs}


def _drawn_artifacts(seed: V1Seed, stage: str, move: V1Move) -> tuple[Artifact, ...]:
    if seed.attack_graph is None or move.action_type in {"", NO_OP}:
        return ()
    return tuple(
        artifact
        for edge in seed.attack_graph.actions(stage)
        if edge.action_type == move.action_type and matches(move.params, edge.match_params)
        for artifact in edge.artifacts
        if matches(move.params, artifact.match_params)
    )


def _timeline_variants(seed: V1Seed, move: V1Move, step: int) -> tuple[Artifact, ...]:
    return tuple(
        artifact
        for item in seed.attack_plan.timeline
        if item.step == step
        for artifact in item.artifacts
        if artifact.variant_action_type
        and artifact.variant_action_type == move.action_type
        and matches(move.params, artifact.variant_params)
    )


def _row(seed: V1Seed, artifact: Artifact, step: int) -> EvidenceRow:
    if artifact.artifact_type == "email":
        return _email_row(seed, artifact.artifact_id, step)
    templates = seed.seed_artifacts.log_templates
    template = next((t for t in templates if t.template_id == artifact.artifact_id), None)
    if template is None:
        raise BadInputError(f"Artifact {artifact.artifact_id!r} names no log template of {seed.scenario_id}.")
    if template.table == "email_logs":
        return _email_row(seed, template.template_id, step)
    cells = _CELLS[template.table](seed, template.template_body, step)
    return EvidenceRow(
        table=template.table,
        step=step,
        cells=(*cells, template.trust_tier, template.source, step_time(seed, step)),
        trust_tier=template.trust_tier,
        injection_id=template.injection_id,
    )


def _email_row(seed: V1Seed, email_id: str, step: int) -> EvidenceRow:
    email = _email(seed, email_id)
    cells = (email.sender, email.recipient, email.subject, email.body, email.trust_tier, email.source)
    return EvidenceRow(
        table="email_logs",
        step=step,
        cells=(email.email_id, seed.scenario_id, step, *cells, step_time(seed, step)),
        trust_tier=email.trust_tier,
        injection_id=email.injection_id,
    )


def _email(seed: V1Seed, email_id: str) -> Email:
    for email in seed.seed_artifacts.emails:
        if email.email_id == email_id:
            return email
    raise BadInputError(f"Artifact {email_id!r} names no email of {seed.scenario_id}.")


def _auth_cells(seed: V1Seed, body: str, step: int) -> tuple[Cell, ...]:
    pairs = key_values(body)
    user = pairs.get("user", seed.compromised_user)
    host = pairs.get("host", seed.patient_zero_host)
    success = 1 if "success" in body.lower() else 0
    return (
        *_key("auth", seed, step),
        user,
        host,
        pairs.get("src_ip"),
        pairs.get("method", "password"),
        success,
    )


def _netflow_cells(seed: V1Seed, body: str, step: int) -> tuple[Cell, ...]:
    pairs = key_values(body)
    ends = (pairs.get("src", seed.patient_zero_host), pairs.get("dst"), pairs.get("dst_domain"))
    port = _whole(pairs.get("port", "0"), otherwise=None)
    sent = _whole(pairs.get("bytes", "0"), otherwise=0)
    return (*_key("flow", seed, step), *ends, port, pairs.get("proto"), sent, 0)


def _process_cells(seed: V1Seed, body: str, step: int) -> tuple[Cell, ...]:
    pairs = key_values(body)
    host = pairs.get("host", seed.patient_zero_host)
    user = pairs.get("user", seed.compromised_user)
    return (*_key("proc", seed, step), host, user, pairs.get("process", "unknown"), body, pairs.get("parent"))


def _alert_cells(seed: V1Seed, body: str, step: int) -> tuple[Cell, ...]:
    pairs = key_values(body)
    kind, severity = pairs.get("type", "unknown"), pairs.get("severity", "medium")
    return (*_key("alert", seed, step), kind, severity, body, None)


_CELLS: Mapping[Table, Callable[[V1Seed, str, int], tuple[Cell, ...]]] = {
    "auth_logs": _auth_cells,
    "netflow": _netflow_cells,
    "process_events": _process_cells,
    "alerts": _alert_cells,
}


def _key(prefix: str, seed: V1Seed, step: int) -> tuple[Cell, ...]:
    return (f"{prefix}-{seed.scenario_id}-{step}", seed.scenario_id, step)


def _whole(text: str, *, otherwise: int | None) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _LARGEST_DIGITS else otherwise


def _opening_time(seed: V1Seed) -> datetime:
    try:
        return datetime.fromisoformat((seed.metadata.created_at or "").replace("Z", "+00:00"))
    except ValueError:
        return _DEFAULT_TIME
