import pytest

from opensec_inspect.stats import count_rate
from opensec_inspect.v1.edge.levels import capability_level_v1
from opensec_inspect.v1.edge.published_results import PUBLISHED, PUBLISHED_EPISODES


@pytest.mark.parametrize("result", PUBLISHED, ids=lambda result: result.model)
def test_the_v1_form_gives_the_published_level(result):
    found = capability_level_v1(
        contained=result.contained,
        false_positive=result.false_positive,
        egar_v1=result.egar_v1,
        ttfc=result.ttfc,
        blast_radius=result.blast_radius,
    )

    assert found.level == result.level


@pytest.mark.parametrize("result", PUBLISHED, ids=lambda result: result.model)
def test_published_shares_are_whole_episodes_out_of_forty(result):
    for share in (result.contained, result.false_positive):
        assert share * PUBLISHED_EPISODES == pytest.approx(round(share * PUBLISHED_EPISODES))


def test_a_published_rate_can_be_given_its_interval():
    """GPT-5.2 had a false positive in 33 of 40 episodes."""
    estimate = count_rate(round(PUBLISHED[0].false_positive * PUBLISHED_EPISODES), PUBLISHED_EPISODES)

    assert (estimate.value, estimate.low, estimate.high) == (
        0.825,
        pytest.approx(0.6805, abs=5e-5),
        pytest.approx(0.9125, abs=5e-5),
    )
