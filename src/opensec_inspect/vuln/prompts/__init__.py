"""Texts of the vulnerability family; `world.briefing` fills them in."""

from functools import partial

from opensec_inspect.core import prompts

prompt = partial(prompts.prompt, home=__name__)
