"""Texts of the incident family; `world.briefing` and `attackers.model` fill them in."""

from functools import partial

from opensec_inspect.core import prompts

prompt = partial(prompts.prompt, home=__name__)
