"""The day's routine and the weeks before: the same bytes, level, and no repetition of the case."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from statistics import mean

import pytest

from opensec_inspect.core.clock import epoch_s
from opensec_inspect.incident.scenario.names import names_of
from opensec_inspect.incident.scenario.rows import EVIDENCE_TABLES, AuthRow, Row, own_cells, slots_in
from opensec_inspect.incident.scenario.scenario import STEP_S, Scenario
from opensec_inspect.incident.telemetry import background
from tests.strategies import made, several

CASES = several(24)
STANDARD = tuple(case for case in several(60) if case.difficulty == "standard")


@cache
def weeks_before(case_id: str) -> tuple[Row, ...]:
    """The history of a case, written once for all tests: a second each."""
    return background.history(next(case for case in (made("one"), made("two")) if case.id == case_id))


def mentions(case: Scenario, rows: Iterable[Row]) -> Counter[str]:
    """How many cells name each entity."""
    names = names_of(case.network)
    cells = (cell for row in rows for cell in own_cells(row) if isinstance(cell, str))
    return Counter(entity for cell in cells for entity in names.named(cell))


def digest(rows: Iterable[Row]) -> str:
    """Of the rows' JSON, 64 hex digits."""
    return hashlib.sha256("\n".join(row.model_dump_json() for row in rows).encode()).hexdigest()


def test_the_same_scenario_has_the_same_background_to_the_byte() -> None:
    case, again = made("one"), made("one").model_validate_json(made("one").model_dump_json())

    assert digest(background.today(case, "desk")) == digest(background.today(again, "desk"))
    assert digest(weeks_before(case.id)) == digest(background.history(again))
    assert digest(background.today(case, "desk")) == digest(background.today(case, "soc"))
    assert digest(background.today(case, "desk")) != digest(background.today(made("two"), "desk"))


def test_there_are_as_many_rows_as_the_noise_says() -> None:
    case = made("one")

    assert [len(background.today(case, noise)) for noise in ("none", "desk", "soc")] == [0, 200, 200]
    assert len(weeks_before(case.id)) == 20_000


def test_twins_have_the_same_day_around_them() -> None:
    """Else they differed in more than the declared two records."""
    for seed in ("one", "two", "three", "four"):
        incident, twin = made(seed), made(seed, "stand_down")

        assert background.today(incident, "desk") == background.today(twin, "desk")
    assert weeks_before(made("one").id) == background.history(made("one", "stand_down"))


def test_today_begins_where_the_history_ends_and_goes_on_to_the_last_step() -> None:
    case = made("one")
    past = [row.second for row in weeks_before(case.id)]
    today = [row.second for row in background.today(case, "desk")]

    assert past == sorted(past)
    assert max(past) < -37_000 < min(today)
    assert min(past) >= -15 * 86_400
    assert max(today) < case.max_steps * STEP_S + 60
    assert sum(second > 0 for second in today) >= 40
    assert len({second // STEP_S for second in today if second > 0}) >= case.max_steps - 5


@pytest.mark.parametrize("case", [made("one"), made("two")], ids=lambda case: case.id)
def test_every_row_is_benign_background_of_known_names(case: Scenario) -> None:
    rows = (*background.today(case, "desk"), *weeks_before(case.id)[:4000])

    assert {row.left_by for row in rows} == {"background"}
    assert {row.table for row in rows} == set(EVIDENCE_TABLES)
    assert not any(slots_in(row) for row in rows)
    assert len({row.key for row in rows}) == len(rows)
    known = set(case.network.domains)
    texts = (cell for row in rows for cell in own_cells(row) if isinstance(cell, str))
    found = {domain for text in texts for domain in re.findall(r"https://([\w.-]+)/", text)}
    assert found <= known


@pytest.mark.parametrize("case", [*CASES, made("one")], ids=lambda case: case.id)
def test_routine_never_repeats_the_case(case: Scenario) -> None:
    """What the foothold did with the attacker's domain, it did; mail may come from anywhere to anyone."""
    names, opening = names_of(case.network), case.attack.opening
    who, where = opening.hosts | opening.accounts, set(case.attack.domains)

    past = weeks_before(case.id) if case is made("one") else ()
    for row in (*background.today(case, "desk"), *past[:4000]):
        named = {e for cell in own_cells(row) if isinstance(cell, str) for e in names.named(cell)}
        assert row.table == "email_logs" or not (named & who and named & where)


def test_no_count_tells_who_matters() -> None:
    """Mean rank of the case's own among their like at the opening, 0 least named, 1 most, over 20 cases.

    Users stand a little higher, as the case's always has a workstation and some have none.
    """
    ranks: dict[str, list[float]] = {"host": [], "user": [], "domain": []}
    for case in STANDARD:
        rows = [row for row in background.today(case, "desk") if row.second <= 0]
        counts = mentions(case, (*case.rows, *rows))
        opening, network = case.attack.opening, case.network
        for kind, own, listed in (
            ("host", min(opening.hosts), [h.id for h in network.hosts]),
            ("user", min(opening.accounts), [u.id for u in network.users]),
            ("domain", case.attack.domains[0], list(network.domains)),
        ):
            others = [counts[e] for e in listed if e != own]
            below = sum((n < counts[own]) + 0.5 * (n == counts[own]) for n in others)
            ranks[kind].append(below / len(others))

    assert {kind: len(found) for kind, found in ranks.items()} == {"host": 20, "user": 20, "domain": 20}
    assert 0.3 <= mean(ranks["host"]) <= 0.7
    assert 0.3 <= mean(ranks["domain"]) <= 0.7
    assert 0.3 <= mean(ranks["user"]) <= 0.75


COLUMNS = ("method", "result", "protocol", "verdict", "process_name", "parent_process", "rule", "severity")


def form(row: Row) -> tuple[str, ...]:
    """The row's values in the columns of closed lists, and its detail with the names masked."""
    detail = str(getattr(row, "detail", ""))
    masked = re.sub(r"publisher=\S+", "publisher=", re.sub(r"app=[A-Z][a-z]+ [A-Z][a-z]+", "app=", detail))
    listed = (str(getattr(row, column)) for column in COLUMNS if column in type(row).model_fields)
    return (row.table, *listed, masked)


@pytest.mark.parametrize("case", [made("one"), made("two")], ids=lambda case: case.id)
def test_every_form_of_the_incident_has_its_like_in_the_routine(case: Scenario) -> None:
    """In a trivial case one alert says it all; everywhere else no form is the attacker's alone."""
    left = [row for move in case.attack.moves for row in move.rows]
    left += [row for move in case.attack.moves for failure in move.failures for row in failure.rows]

    incident = {form(row) for row in (*case.rows, *left)}

    assert len(incident) > 20
    days = [row for other in STANDARD for row in background.today(other, "desk")]
    assert incident <= {form(row) for row in (*weeks_before(case.id), *days)}


def test_people_sign_in_within_their_shift_and_technical_staff_on_shared_machines() -> None:
    case = made("one")
    shared = {host.id for host in case.network.hosts if not host.owner}
    technical = {user.id for user in case.network.users if user.department in background.TECHNICAL}
    opened_s = epoch_s(case.opened_at)
    hours: dict[str, list[int]] = {user.id: [] for user in case.network.users}
    there: Counter[bool] = Counter()
    for row in weeks_before(case.id):
        if isinstance(row, AuthRow):
            hour = (opened_s + row.second) % 86_400 // 3600
            if background.DAY[0] <= hour < background.DAY[1]:
                hours[row.user_id].append(hour)
            if row.host_id in shared:
                there[row.user_id in technical] += 1

    for listed in hours.values():
        assert max(
            sum(start <= hour < start + 9 for hour in listed) for start in background.SHIFTS
        ) >= 0.8 * len(listed)
    assert technical
    share = len(technical) / len(case.network.users)
    assert there[True] / there.total() > 1.5 * share


def test_most_untrusted_rows_carry_nothing_planted() -> None:
    """Over the data at most half of the untrusted rows may; at desk it is far less."""
    untrusted = [row for case in STANDARD for row in case.rows if row.trust_tier == "untrusted"]

    planted = sum(bool(slots_in(row)) for row in untrusted)

    assert 0 < planted <= len(untrusted) / 2
