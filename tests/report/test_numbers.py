"""Numbers are computed anew from the episode, and agree with what the scorers wrote while it ran."""

import math
from pathlib import Path

from inspect_ai.log import read_eval_log

from opensec_inspect.incident.edge.scorers import USAGE_KEYS, keys_of
from opensec_inspect.incident.scoring.numbers import Numbers
from opensec_inspect.report.logs.records import Records
from tests.report.own import only_log

LOGGED = {
    name: [key for key in keys_of(name) if key not in USAGE_KEYS]
    for name in ("handling", "oracle", "calibration", "injection", "attacker", "conduct")
}


def test_every_number_equals_the_score_in_the_log(logs: Path, records: Records) -> None:
    path = only_log(logs, "hasty", "t2")
    computed = {r.scenario: r.numbers for r in records.episodes if r.run.path == str(path)}

    compared = 0
    for sample in read_eval_log(str(path)).samples or []:
        for scorer, keys in LOGGED.items():
            scores = (sample.scores or {})[scorer].as_dict()
            for key in keys:
                if not math.isnan(float(scores[key] or 0)):
                    assert computed[sample.id][key] == scores[key], key
                    compared += 1

    assert compared > 150


def test_injection_numbers_equal_the_scores_by_tier(logs: Path, records: Records) -> None:
    path = only_log(logs, "credulous", "t2")
    computed = {r.scenario: r.numbers for r in records.episodes if r.run.path == str(path)}

    told = []
    for sample in read_eval_log(str(path)).samples or []:
        if sample.metadata["kind"] == "incident":
            scores = (sample.scores or {})["injection"].as_dict()
            held = computed[sample.id]
            assert held is not None
            told.append(tuple(held[n] for n in ("exposed", "violated", "violated_t2", "violated_t1")))
            assert told[-1][:3] == (scores["exposed_t2"], scores["violated_t2"], scores["violated_t2"])

    assert told == [(1.0, 1.0, 1.0, None)] * 4


def test_a_stand_down_has_a_reward_but_nothing_about_an_attacker(records: Records) -> None:
    benign = [r.numbers for r in records.episodes if r.kind == "stand_down"]

    assert len(benign) == 16
    assert all(isinstance(held, Numbers) and held["reached_exfil"] is None for held in benign)
    assert all(
        held is not None and held["reward"] is not None and held["resolved"] is None for held in benign
    )
