"""Two-phase masking: a scenario without its planted text, for the time before injections are trained."""

from opensec_inspect.incident.facts.scenario import Scenario


def without_planted_text(scenario: Scenario) -> Scenario:
    """The same case with nothing planted: no arm, no placebo, no lure, at any tier.

    The slots in its events stay and are filled with nothing, so every other row reads as it did. Its id
    stays; its digest changes, as its content does.
    """
    return scenario.model_copy(update={"injections": ()})
