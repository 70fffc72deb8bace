"""`opensec gate`, `opensec attackers` and `opensec replay inspect`, and a log's defender played again."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai.model import get_model

from opensec_inspect.cli import main
from opensec_inspect.errors import BadInputError
from opensec_inspect.tasks import opensec
from tests.attackers.running import episodes, run, steps
from tests.evaluating import evaluated, plug_in

SWEEP = plug_in("tasks/opensec_attackers.py")
TWO = {"kind": "incident", "count": 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs of two incidents: idle and defended, scripted and model attacker, and one that only talks."""
    place = tmp_path_factory.mktemp("sweep")
    for name, task, model, attacker in (
        ("t0-idle", SWEEP.opensec_attacker_t0(**TWO), "opensec/noop", None),
        ("t1-idle", SWEEP.opensec_attacker_t1(**TWO), "opensec/noop", None),
        ("t2-idle", SWEEP.opensec_attacker_t2(**TWO), "opensec/noop", "opensec/attacker_random"),
        ("t1-talks", SWEEP.opensec_attacker_t1(**TWO), "opensec/noop", "opensec/noop"),
        ("t0-careful", SWEEP.opensec_attacker_t0(**TWO), "opensec/careful", None),
        ("t1-careful", SWEEP.opensec_attacker_t1(**TWO), "opensec/careful", None),
    ):
        roles = {"attacker": attacker} if attacker else None
        log = evaluated(task, model, place / "logs", model_roles=roles)
        Path(log.location).rename(place / f"{name}.eval")
    return place


def said(*command: str) -> tuple[int, str]:
    """Exit code and output of an `opensec` command."""
    result = CliRunner().invoke(main, command)
    return result.exit_code, result.output


def test_the_gate_passes_tiers_whose_attacker_takes_data_out(folder: Path) -> None:
    code, text = said("gate", str(folder / "t0-idle.eval"), str(folder / "t1-idle.eval"))

    assert code == 0
    assert "pass  scripted against opensec/noop" in text
    assert "pass  llm (opensec/attacker_evasive) against opensec/noop" in text
    assert text.count("2 of 2 incidents") == 2


def test_a_folder_stands_for_the_logs_in_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sweep").mkdir()
    for name in ("t0-idle.eval", "t1-idle.eval"):
        (tmp_path / "sweep" / name).symlink_to(folder / name)
    (tmp_path / "empty").mkdir()

    code, text = said("gate", str(tmp_path / "sweep"))

    assert (code, text.count("pass  ")) == (0, 2)
    assert said("gate", str(tmp_path / "empty"))[0] == 1


def test_the_gate_fails_a_tier_whose_attacker_gets_nowhere(folder: Path) -> None:
    code, text = said("gate", str(folder / "t0-idle.eval"), str(folder / "t1-talks.eval"))

    assert code == 1
    assert "FAIL  llm (opensec/noop) against opensec/noop" in text
    assert "0 of 2 incidents" in text


def test_the_strict_tier_says_so(folder: Path) -> None:
    _, text = said("attackers", str(folder / "t2-idle.eval"))

    assert text.startswith("llm strict (opensec/attacker_random) against opensec/noop")


def test_the_gate_refuses_a_defender_that_acts(folder: Path) -> None:
    code, text = said("gate", str(folder / "t0-careful.eval"))

    assert code == 1
    assert "its defender opensec/careful contained something; the gate wants an idle one" in text


def test_what_containment_changed_needs_an_idle_log_for_a_model_attacker_only(folder: Path) -> None:
    _, scripted = said("attackers", str(folder / "t0-careful.eval"))
    _, alone = said("attackers", str(folder / "t1-careful.eval"))
    _, beside = said("attackers", str(folder / "t1-careful.eval"), "--idle", str(folder / "t1-idle.eval"))

    assert row(scripted, "containment changed the outcome") == "1.00"
    assert row(alone, "containment changed the outcome") == "–"
    assert row(beside, "containment changed the outcome") == "1.00"


def row(text: str, name: str) -> str:
    """The value beside a name."""
    (line,) = (line for line in text.splitlines() if line.strip().startswith(name))
    return line.split()[-1]


def test_an_idle_log_of_another_attacker_is_refused(folder: Path) -> None:
    code, text = said("attackers", str(folder / "t1-careful.eval"), "--idle", str(folder / "t0-idle.eval"))

    assert code == 1
    assert "give an idle log of the same attacker" in " ".join(text.split())


def test_a_file_that_is_no_log_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.eval").write_text("nothing")

    code, text = said("gate", str(tmp_path / "notes.eval"))

    assert code == 1
    assert "notes.eval cannot be read as an Inspect log" in text


def test_a_recording_can_be_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "moves.sqlite"
    options = {"attacker": "llm", "count": 2, "replay": "record", "replay_path": str(path)}
    log = run(tmp_path, "opensec/hasty", options=options)
    moved = sum(len(texts) - 1 for texts in steps(log).values())

    code, text = said("replay", "inspect", str(path), "--scenarios")

    assert code == 0
    assert f"{moved} moves in 2 of 2 scenarios" in text
    assert "decided by opensec/attacker_evasive, provider's temperature, prompt " in text
    assert '{"move": "wait"}' in text
    assert all(id_ in text for id_, _ in steps(log))


def test_looking_into_another_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing to see here, and nothing to replay either")

    code, text = said("replay", "inspect", str(tmp_path / "notes.txt"))

    assert code == 1
    assert "is no file of recorded moves" in text


@pytest.mark.parametrize("defender", ["hasty", "vigilant", "noop"])
def test_a_defender_played_from_its_log_does_the_same_again(defender: str, tmp_path: Path) -> None:
    first = run(tmp_path, f"opensec/{defender}", options={"count": 4})

    again = run(tmp_path, get_model("opensec/replay", log=first.location), options={"count": 4})

    assert steps(again) == steps(first)


def test_a_recorded_defender_can_be_played_in_a_changed_world(tmp_path: Path) -> None:
    first = run(tmp_path, "opensec/careful", options={"count": 2, "kind": "incident"})

    noisy = run(
        tmp_path,
        get_model("opensec/replay", log=first.location),
        options={"count": 2, "kind": "incident", "injection_tier": "t0"},
    )

    actions = [[step.action for step in episode.steps] for episode in episodes(noisy)]
    assert actions == [[step.action for step in episode.steps] for episode in episodes(first)]


def test_a_case_that_is_not_in_the_log_is_idled_through(tmp_path: Path) -> None:
    first = run(tmp_path, "opensec/hasty", options={"count": 1})

    more = run(tmp_path, get_model("opensec/replay", log=first.location), options={"count": 2})

    idle = [e for e in episodes(more) if all(step.action.tool == "idle" for step in e.steps)]
    assert len(idle) == 1


@pytest.mark.parametrize("args", [{}, {"log": 3}, {"log": "x", "speed": 2}])
def test_the_recorded_defender_says_what_it_needs(args: dict[str, object]) -> None:
    with pytest.raises(BadInputError, match=r"opensec/replay takes -M log=FILE"):
        get_model("opensec/replay", memoize=False, **args)


def test_a_baseline_takes_no_log(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="-M log=… has no meaning for opensec/hasty"):
        get_model("opensec/hasty", memoize=False, log="x")


def test_the_sweep_passes_options_on() -> None:
    task = SWEEP.opensec_attacker_t2(**TWO)

    assert len(task.dataset) == 2
    assert task.metadata is not None
    assert task.metadata["attacker"] == "llm strict"
    with pytest.raises(BadInputError, match="Unknown option 'tiers'"):
        SWEEP.opensec_attacker_t0(tiers=3)
    assert opensec(**TWO).model_roles is None
