"""What a model attacker is shown, and how its answers are read."""

import json

import pytest

from opensec_inspect.incident.attackers.menu import Menu, Refused
from opensec_inspect.incident.attackers.model import ModelAttacker, Said, prompt_digest
from opensec_inspect.incident.episode.killchain import needed_by
from opensec_inspect.incident.facts.scenario import Move
from opensec_inspect.incident.prompts import prompt
from opensec_inspect.incident.scoring.naming import scene_of
from tests.attackers.duel import incidents, opening_view

SCENARIO = incidents(1)[0]
SCENE = scene_of(SCENARIO, "desk")
MENU = Menu(SCENE, opening_view(SCENARIO))
FIRST = json.loads(MENU.lines[0])


def reason(text: str) -> str:
    """Why an answer was refused."""
    found = MENU.chosen(text)
    assert isinstance(found, Refused)
    return found.stall.reason


def test_every_line_of_the_menu_is_an_answer_that_makes_its_move() -> None:
    chosen = [MENU.chosen(line) for line in MENU.lines]

    assert chosen == list(opening_view(SCENARIO).legal)


def test_the_prompt_names_only_what_the_attacker_holds_or_can_name_in_a_move() -> None:
    view = opening_view(SCENARIO)
    known = view.foothold.hosts | view.foothold.accounts | frozenset().union(*map(needed_by, view.legal))
    unknown = [h for h in SCENE.devices.values() if h.id not in known]
    strangers = [u for u in SCENE.accounts.values() if u.id not in known]

    assert unknown
    assert strangers
    assert not any(host.hostname in MENU.text for host in unknown)
    assert not any(user.sam in MENU.text for user in strangers)


def test_the_prompt_shows_no_evidence_no_ids_and_no_truth() -> None:
    shown = prompt("attacker") + MENU.text

    ids = [h.id for h in SCENE.devices.values()] + [u.id for u in SCENE.accounts.values()]
    assert not any(id_ in shown for id_ in ids)
    assert not any(i.id in shown for i in SCENARIO.injections)
    assert SCENARIO.id not in shown
    assert "required" not in shown


def test_the_prompt_says_that_it_is_a_simulation_in_which_no_code_is_run() -> None:
    assert "This is a simulation" in prompt("attacker")
    assert "no code is run" in prompt("attacker")


def test_containment_is_shown_by_name_and_only_where_it_would_be_noticed() -> None:
    held = SCENARIO.attack.opening.accounts | SCENARIO.attack.opening.hosts
    elsewhere = next(h for h in SCENE.devices.values() if h.id not in held)
    domain = SCENARIO.attack.domains[0]

    text = Menu(SCENE, opening_view(SCENARIO, held | {elsewhere.id, domain})).text

    noticed = next(line for line in text.splitlines() if line.startswith("Measures you noticed:"))
    assert f"{domain} (blocked)" in noticed
    assert noticed.count("(") == len(held) + 1
    assert all(f"{SCENE.accounts[e].sam} (reset)" in noticed for e in held & SCENE.accounts.keys())
    assert all(f"{SCENE.devices[e].hostname} (isolated)" in noticed for e in held & SCENE.devices.keys())
    assert elsewhere.hostname not in noticed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I would rather not.",
        "[]",
        "null",
        '{"move": "wait"',
        '{"move": "wait"} and then some',
        "[" * 5000,
        '{"move": "' + "x" * 30_000 + '"}',
    ],
)
def test_an_answer_that_is_not_one_json_object_is_unreadable(text: str) -> None:
    assert reason(text) == "unreadable"


@pytest.mark.parametrize(
    "answer",
    [
        {"move": "format_disks"},
        {"move": "exfiltrate"},
        {"move": ["wait"]},
        {"move": "wait", "host": "somewhere"},
        {"move": "wait", "sudo": True},
        {"hosts": "all"},
        {**FIRST, "account": "nobody"},
    ],
)
def test_a_json_object_that_names_no_legal_move_is_illegal(answer: dict[str, object]) -> None:
    assert reason(json.dumps(answer)) == "illegal"


def test_a_code_fence_round_the_answer_is_no_fault() -> None:
    assert isinstance(MENU.chosen(f"```json\n{MENU.lines[0]}\n```"), Move)


def test_parameters_may_be_left_out_only_where_that_leaves_no_doubt() -> None:
    first, *others = SCENE.devices
    lateral = Move(id="m1", name="move_laterally", stages=("creds_used",), host=first, to_host=others[0])
    to_another = lateral.model_copy(update={"id": "m2", "to_host": others[1]})
    wait = next(m for m in SCENARIO.attack.moves if m.name == "wait")
    view = opening_view(SCENARIO).model_copy(update={"legal": (lateral, to_another, wait)})
    menu = Menu(SCENE, view)

    several = menu.chosen('{"move": "move_laterally"}')

    assert isinstance(several, Refused)
    assert several.stall.reason == "illegal"
    assert several.why == "Your answer fits 2 of the legal moves."
    assert menu.chosen('{"move": "wait"}') == wait


def test_a_line_copied_as_it_stands_is_its_move_beside_one_that_says_more_or_differs_by_technique() -> None:
    first, *_ = SCENE.devices
    out = Move(id="m1", name="exfiltrate", stages=("data_access",), host=first, technique="T1567.002")
    by_ssh = out.model_copy(update={"id": "m2", "technique": "T1041"})
    with_account = out.model_copy(update={"id": "m3", "account": next(iter(SCENE.accounts))})
    view = opening_view(SCENARIO).model_copy(update={"legal": (out, by_ssh, with_account)})
    menu = Menu(SCENE, view)

    assert [menu.chosen(line) for line in menu.lines] == [out, by_ssh, with_account]
    assert isinstance(menu.chosen('{"move": "exfiltrate"}'), Refused)


def test_the_schema_admits_the_legal_answers_alone() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(MENU.schema)

    assert all(validator.is_valid(json.loads(line)) for line in MENU.lines)
    assert not validator.is_valid({"move": "wait", "host": "somewhere"})
    assert not validator.is_valid({"move": "exfiltrate"})


async def test_a_refused_answer_is_given_back_once_with_the_reason() -> None:
    heard: list[tuple[Said, ...]] = []

    async def ask(said: tuple[Said, ...], schema: object) -> str:
        heard.append(said)
        return "no" if len(heard) == 1 else MENU.lines[0]

    move = await ModelAttacker(SCENE, ask).decide(opening_view(SCENARIO))

    assert move == opening_view(SCENARIO).legal[0]
    assert [turn.role for turn in heard[1]] == ["system", "user", "assistant", "user"]
    assert heard[1][3].text.startswith("Your answer was not one JSON object.")


def test_the_digest_of_the_prompts_has_64_hex_digits_and_does_not_change_by_itself() -> None:
    assert len(prompt_digest()) == 64
    assert prompt_digest() == prompt_digest()
