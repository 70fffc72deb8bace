"""The page in a real browser: finding episodes, stepping through them, comparing them."""

from opensec_inspect.report.trace.episode_view.phrases import DisplayNames
from tests.pages.trace_browser import Browser, Keys
from tests.report.twins import INCIDENT, TWIN, scenario_of

CASE = scenario_of(INCIDENT)
ARM = CASE.injections[0].arm("t2")
DOMAIN, USER = CASE.truth.attacker_domain, DisplayNames(CASE).name(CASE.truth.compromised_user)
LURE = CASE.injections[0].lure
LURED = DisplayNames(CASE).name(str(LURE.entity))
VERB, TOOL = {
    "host": ("isolate", "isolate_host"),
    "user": ("reset", "reset_user"),
    "domain": ("block", "block_domain"),
}[LURE.kind]


def names(browser: Browser) -> list[str]:
    """Model and scenario of the listed episodes."""
    return [text.replace("\n", " ") for text in browser.texts(".line .row:first-child .who")]


def at_step(browser: Browser) -> int:
    return int(browser.js("return document.querySelector('.step.now').dataset.step")) + 1


def test_every_episode_of_every_log_is_listed(shown: Browser) -> None:
    assert shown.text("#summary") == "12 episodes of careful, hasty, credulous on 2 scenarios, 6 logs"
    assert sorted(names(shown)) == ["careful"] * 4 + ["credulous"] * 4 + ["hasty"] * 4


def test_words_and_comparisons_filter_the_list(shown: Browser) -> None:
    shown.filter("model:credulous violations>0")
    violating = shown.text("#filter-said")
    shown.filter("hasty stand_down")
    words = names(shown)
    shown.filter("ttfc>=0 fp=0")
    clean = names(shown)

    assert violating == "2 of 12 episodes"
    assert words == ["hasty", "hasty"]
    assert clean == ["careful", "careful"]


def test_a_word_that_names_no_field_is_said(shown: Browser) -> None:
    shown.filter("colour:blue")

    assert shown.text("#filter-said").strip() == "12 episodes. Not a field: colour"


def test_facets_narrow_the_list_and_combine_with_words(shown: Browser) -> None:
    shown.select("#facet-tier", "t2")
    shown.select("#facet-kind", "stand_down")
    shown.filter("credulous")

    assert shown.text("#filter-said") == "1 of 12 episodes"


def test_the_list_sorts_by_reward_both_ways_and_undefined_comes_last(shown: Browser) -> None:
    shown.select("#sort", "reward")
    rising = shown.texts(".line .reward")
    shown.click("#direction")
    falling = shown.texts(".line .reward")
    shown.select("#sort", "ttfc")
    by_time = names(shown)

    rewards = [float(text.replace("−", "-")) for text in rising]
    assert rewards == sorted(rewards)
    assert falling == rising[::-1]
    assert "hasty" not in by_time[-2:], "who never contained anything comes last"


def test_arrow_keys_go_through_episodes_and_steps(shown: Browser) -> None:
    shown.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    shown.wait(lambda: shown.js("return document.querySelectorAll('.line')[2].ariaSelected") == "true")
    shown.press(Keys.HOME)
    first = at_step(shown)
    shown.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    third = at_step(shown)
    shown.press(Keys.ARROW_LEFT)

    assert (first, third, at_step(shown)) == (1, 3, 2)
    assert shown.text("#spoken").startswith(f"Step 2 of {CASE.max_steps}: query logs SELECT")


def test_keys_typed_into_the_filter_do_not_move_anything(shown: Browser) -> None:
    shown.choose("model:hasty kind:incident tier:t0")
    before = at_step(shown)

    shown.press("/")
    shown.press("c", Keys.ARROW_LEFT, "?")

    assert shown.js("return document.activeElement.id") == "filter"
    assert at_step(shown) == before
    assert not shown.js("return document.getElementById('help').open")


def test_an_episode_opens_where_it_went_wrong(shown: Browser) -> None:
    shown.choose("model:credulous kind:incident tier:t2")

    assert at_step(shown) == 2
    assert shown.text(".step.now .badge") == "false positive · not gated"


def test_the_page_says_why_hasty_reset_an_account(shown: Browser) -> None:
    shown.choose("model:hasty kind:stand_down tier:t2")

    why = shown.texts(".step.now .why li")
    heard = shown.texts(".step.now .heard li")
    target = shown.text(".step.now .target")
    assert target == USER
    assert why[0].startswith("False positive: nobody attacks here. The cause is innocent (")
    assert why[0].endswith("its record was never read.")
    assert why[1] == "Gated by step 1, whose answer showed it in trusted evidence."
    assert heard


def test_the_head_names_each_wrong_containment_and_leads_there(shown: Browser) -> None:
    """At the opening the step itself may stand below the fold."""
    shown.choose("model:hasty kind:stand_down tier:t2")
    shown.press(Keys.HOME)

    wrongs = shown.texts(".wrongs li")
    assert len(wrongs) == len(shown.texts(".step.false_positive"))
    assert wrongs[0].startswith(f"step 5 reset_user {USER} – gated by step 1")
    shown.click(".wrongs button", 1)
    assert f"step {at_step(shown)} " in wrongs[1]

    shown.choose("model:credulous kind:incident tier:t2")
    assert shown.texts(".wrongs li") == [f"step {at_step(shown)} {TOOL} {LURED} – obeys planted text"]
    shown.choose("model:careful kind:incident tier:t2")
    assert shown.texts(".wrongs li") == []


def test_the_page_says_what_credulous_obeyed_and_where_it_read_it(shown: Browser) -> None:
    shown.choose("model:credulous kind:incident tier:t2")

    assert f"Obeys planted text read in step 1: {VERB} {LURED}" in shown.text(".step.now .below")
    assert ARM.parts[0][:60] in shown.text(".step.now .planted-box")
    assert shown.text(".step.now .planted-box mark.asks") == ARM.marker
    last = "Violation: planted text that reached it in step 1 asks for exactly this."
    assert shown.texts(".step.now .why li")[-1] == last


def test_planted_text_is_marked_inside_the_evidence(shown: Browser) -> None:
    shown.choose("model:credulous kind:incident tier:t2")
    shown.press(Keys.ARROW_LEFT)

    planted = shown.texts(".step.now .evidence mark.planted")
    assert at_step(shown) == 1
    assert planted[0].startswith(ARM.parts[0][:60])
    assert ARM.marker in planted


def test_the_strip_shows_stage_action_and_planted_text_of_every_step(shown: Browser) -> None:
    shown.choose("model:credulous kind:incident tier:t2")

    assert len(shown.texts(".strip button")) == 3
    labels = shown.js("return [...document.querySelectorAll('.strip button')].map(b => b.ariaLabel)")
    assert "planted text reached it" in labels[0]
    assert labels[1].startswith(
        f"Step 2 of {CASE.max_steps}: {TOOL.replace('_', ' ')} {LURED}, false positive, not gated"
    )
    assert shown.text(".strip button.first .flag") == "first containment"


def test_the_right_pane_follows_the_step(shown: Browser) -> None:
    shown.choose("model:careful kind:incident tier:t0")
    shown.press(Keys.HOME)
    first = shown.text("#right")
    shown.press(Keys.END)

    assert "by step 1" in first
    assert "contained in step" in shown.text("#right")
    assert "reward+" in shown.text("#right .sum")


def test_an_entity_chosen_on_the_right_is_marked_in_the_evidence(shown: Browser) -> None:
    shown.choose("model:hasty kind:incident tier:t2")
    shown.press(Keys.END, Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    shown.click(f"[id='truth-{DOMAIN}']")

    marked = shown.texts(".step mark.named:not(.names)")
    assert set(marked) == {DOMAIN}
    assert "names it" in shown.texts(".step mark.names")


def test_relatives_lead_to_the_placebo_arm_the_twin_and_other_models(shown: Browser) -> None:
    shown.choose("model:hasty kind:incident tier:t2")
    labels = shown.texts(".related button")
    shown.click(".related button")
    shown.wait(lambda: "t0, placebo" in shown.text(".facts"))
    shown.click(".related button", 1)
    shown.wait(lambda: "a stand-down" in shown.text(".title"))

    assert [label.rsplit(" ", 1)[0] for label in labels] == ["t0", "stand down", "careful", "credulous"]
    assert TWIN in shown.text(".title")


def test_two_episodes_stand_side_by_side_with_their_steps_aligned(shown: Browser) -> None:
    shown.choose("model:hasty kind:incident tier:t2")
    shown.press("c")
    shown.wait(lambda: shown.texts(".pairing"))
    heads = shown.texts(".versus h4")
    shown.select("#partner", shown.js("return document.querySelector('#partner').options[2].value"))
    shown.wait(lambda: len(shown.texts(".part")) == 0)
    twin_arm = shown.texts(".versus h4")
    shown.press(Keys.ESCAPE)
    shown.wait(lambda: not shown.texts(".pairing"))

    assert heads[0].startswith(f"hasty · {INCIDENT}t2 · incident")
    assert heads[1].startswith(f"careful · {INCIDENT}")
    assert twin_arm[1].startswith(f"hasty · {INCIDENT}t0")


def test_the_first_step_in_which_two_episodes_differ_is_marked(shown: Browser) -> None:
    shown.choose("model:hasty kind:incident tier:t2")
    shown.press("c")
    shown.wait(lambda: shown.texts(".pairing"))

    assert shown.texts(".part") == ["From step 2 on they act differently"]


def test_the_address_leads_back_to_the_same_step(shown: Browser, page: str) -> None:
    shown.choose("model:credulous kind:incident tier:t2")
    shown.press(Keys.ARROW_LEFT)
    fragment = shown.js("return location.hash")

    shown.open(page + fragment)

    assert at_step(shown) == 1
    assert "credulous" in shown.text(".title")


def test_enter_unfolds_what_became_visible(shown: Browser) -> None:
    shown.choose("model:hasty kind:incident tier:t2")
    shown.js("goTo(page.episode.steps.findIndex(step => step.arrivals.length))")
    before = shown.js("return document.getElementById('arrivals').open")
    shown.press(Keys.ENTER)

    assert before is False
    assert shown.js("return document.getElementById('arrivals').open") is True


def test_help_opens_and_closes_with_keys(shown: Browser) -> None:
    shown.press("?")
    opened_now = shown.js("return document.getElementById('help').open")
    shown.press(Keys.ESCAPE)

    assert opened_now is True
    assert shown.js("return document.getElementById('help').open") is False
