"""Certificates hold for what ships, and fail for what is spoiled."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main
from opensec_inspect.vuln import certifying
from opensec_inspect.vuln.authoring.spec import Program, TaskSpec
from opensec_inspect.vuln.catalogue import PROGRAMS, variant
from opensec_inspect.vuln.certifying import Certificate, certify_all

NAMES = [program.name for program, _ in PROGRAMS]


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_of_four_seeds_is_certified(name: str) -> None:
    """`make certify` proves twenty."""
    certificates = list(certify_all([name], seeds=4, proved=1))

    assert [certificate for certificate in certificates if certificate.failures] == []
    assert len({(one.task_id, one.seed) for one in certificates}) == len(certificates)
    assert {one.seed for one in certificates} == set(range(4))


def spoiled(name: str, change: dict[str, object], task_id: str | None = None) -> list[Certificate]:
    """Certificates of two seeds of a program of which something was changed."""
    program, specs = next(entry for entry in PROGRAMS if entry[0].name == name)
    fields = {key: value for key, value in change.items() if key in Program.__dataclass_fields__}
    rest = {key: value for key, value in change.items() if key not in fields}
    program = replace(program, **fields)  # type: ignore[arg-type]
    made = tuple(
        replace(spec, **rest) if spec.task.id == task_id else spec  # type: ignore[arg-type]
        for spec in specs
    )
    return certified(program, made)


def certified(program: Program, specs: tuple[TaskSpec, ...]) -> list[Certificate]:
    """Certificates of a program that is not in the catalogue."""
    from opensec_inspect.vuln.authoring.making import made

    variants = {spec.task.id: made(program, spec, 0) for spec in specs}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifying, "variant", lambda task_id, seed: variants[task_id])
        return certifying._certified(program, specs, 0, prove=True)


def failures(certificates: Iterable[Certificate]) -> str:
    """All failures as one text."""
    return "\n".join(failure for one in certificates for failure in one.failures)


def spec_of(name: str, task_id: str) -> TaskSpec:
    """A task's spec."""
    return next(
        spec
        for program, specs in PROGRAMS
        if program.name == name
        for spec in specs
        if spec.task.id == task_id
    )


def test_a_gold_answer_that_fails_is_seen() -> None:
    naive = spec_of("notebox", "L01").naive

    assert "the gold answer fails" in failures(spoiled("notebox", {"gold": naive}, "L01"))


def test_a_wrong_answer_that_passes_is_seen() -> None:
    gold = spec_of("quotad", "R05").gold

    assert "the naive answer passes" in failures(spoiled("quotad", {"naive": gold}, "R05"))
    assert "the claim_only answer passes" in failures(spoiled("quotad", {"claim": gold}, "R05"))


def test_a_benign_input_that_is_refused_is_seen() -> None:
    (program,) = (program for program, _ in PROGRAMS if program.name == "notebox")

    found = failures(spoiled("notebox", {"benign": (program.demonstrations[0],)}))

    assert "the fixed build does not serve" in found


def test_a_demonstration_without_an_effect_is_seen() -> None:
    (program,) = (program for program, _ in PROGRAMS if program.name == "notebox")

    assert "does not show the effect" in failures(spoiled("notebox", {"demonstrations": program.benign}))


def test_a_candidate_with_the_wrong_verdict_is_seen() -> None:
    (program,) = (program for program, _ in PROGRAMS if program.name == "notebox")
    wrong = tuple(replace(one, verdict="complete", counter=None) for one in program.candidates)

    found = failures(spoiled("notebox", {"candidates": wrong}))

    assert "loop is incomplete, not complete" in found
    assert "prefix is incomplete, not complete" in found


def test_a_truth_that_the_search_contradicts_is_seen() -> None:
    witnesses = spec_of("ledgerdb", "R01")
    truth = witnesses.truth

    def short(scene: object) -> object:
        whole = truth(scene)  # type: ignore[arg-type]
        return whole.model_copy(update={"inputs": whole.inputs[:2]})  # type: ignore[union-attr]

    assert "enter" in failures(spoiled("ledgerdb", {"truth": short}, "R01"))


def test_the_command_certifies_and_says_how_many() -> None:
    done = CliRunner().invoke(
        main, ["certify", "vuln", "--program", "calend", "--seeds", "1", "--proved", "0"]
    )

    assert done.exit_code == 0, done.output
    assert done.output == "4 of 4 variants certified.\n"


def test_the_command_names_the_programs_there_are() -> None:
    done = CliRunner().invoke(main, ["certify", "vuln", "--program", "x"])

    assert done.exit_code == 1
    assert "program='x' is not allowed; give one of: notebox, ledgerdb" in done.output


def test_options_for_programs_are_refused_for_seeds() -> None:
    done = CliRunner().invoke(main, ["certify", "--seeds", "3"])

    assert done.exit_code == 1
    assert "--seeds, --proved and --program belong to `opensec certify vuln`; leave them out." in done.output


def test_a_variant_is_made_once() -> None:
    assert variant("L01", 0) is variant("L01", 0)
