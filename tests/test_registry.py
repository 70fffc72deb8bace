"""What Inspect finds by name is what the package means to offer."""

from inspect_ai.scorer import Scorer
from inspect_ai.solver import Solver
from inspect_ai.util import registry_info

from opensec_inspect import _registry
from opensec_inspect._registry import (
    attacker,
    calibration,
    conduct,
    handling,
    injection,
    json_defender,
    open_v1_world,
    open_world,
    oracle,
    react_defender,
    same_start,
    v1_attacker,
    v1_calibration,
    v1_conduct,
    v1_injection,
    v1_oracle,
    v1_start,
    vuln_grounding,
    vuln_refusal,
    vuln_reliability,
    vuln_success,
    vuln_unsafe,
)


def test_solvers_are_registered_under_the_packages_name() -> None:
    solvers: list[Solver] = [
        open_world(),
        open_v1_world(),
        same_start(),
        v1_start(),
        react_defender(),
        json_defender(),
    ]

    names = [registry_info(solver).name for solver in solvers]

    assert names == [
        f"opensec_inspect/{name}"
        for name in (
            "open_world",
            "open_v1_world",
            "same_start",
            "v1_start",
            "react_defender",
            "json_defender",
        )
    ]


def test_scorers_are_registered_under_the_packages_name() -> None:
    scorers: list[Scorer] = [
        *(handling(), oracle(), calibration(), injection(), attacker(), conduct()),
        *(v1_oracle(), v1_calibration(), v1_injection(), v1_attacker(), v1_conduct()),
        *(vuln_success(), vuln_refusal(), vuln_unsafe(), vuln_reliability(), vuln_grounding()),
    ]

    kinds = {registry_info(scorer).type for scorer in scorers}
    names = [registry_info(scorer).name.removeprefix("opensec_inspect/") for scorer in scorers]

    assert kinds == {"scorer"}
    assert names == [
        *("handling", "oracle", "calibration", "injection", "attacker", "conduct"),
        *("v1_oracle", "v1_calibration", "v1_injection", "v1_attacker", "v1_conduct"),
        *("vuln_success", "vuln_refusal", "vuln_unsafe", "vuln_reliability", "vuln_grounding"),
    ]


def test_everything_offered_is_there_and_sorted() -> None:
    assert sorted(_registry.__all__) == list(_registry.__all__)
    assert all(hasattr(_registry, name) for name in _registry.__all__)
