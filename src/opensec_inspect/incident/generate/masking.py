"""Masking the names of a scene, so that rows can be compared by form."""

import re
from collections.abc import Callable

from opensec_inspect.incident.world.makers import NameBook


def masker(names: NameBook) -> Callable[[str], str]:
    """A function that puts the kind of each entity in the place of its names."""

    def masked(text: str) -> str:
        for entity in sorted(names.named(text)):
            for alias in sorted(names.aliases(entity), key=len, reverse=True):
                text = re.sub(re.escape(alias), names.kind(entity).upper(), text, flags=re.IGNORECASE)
        return text

    return masked
