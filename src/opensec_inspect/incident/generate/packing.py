"""Scenarios as a sample's metadata holds them: packed, because a log writes that metadata twice."""

import base64
import zlib

from opensec_inspect.errors import BadInputError

MARK = "zlib:"
"""What a packed scenario begins with; logs of older runs hold its JSON as it is."""
MAX_BYTES = 4_000_000
"""Of a scenario in full: logs come from strangers too. The largest of ours has 60 kB."""


def packed(text: str) -> str:
    """The JSON of a scenario in a fifth of its length; `unpacked` reads it."""
    return MARK + base64.b85encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str) -> str:
    """The JSON of a scenario, packed or not; BadInputError for what is damaged or too large."""
    if not text.startswith(MARK):
        return text
    try:
        reader = zlib.decompressobj()
        content = reader.decompress(base64.b85decode(text.removeprefix(MARK)), MAX_BYTES)
        if reader.eof:
            return content.decode()
    except (ValueError, zlib.error) as error:
        raise BadInputError(f"The log's scenario is damaged: {error}.") from error
    raise BadInputError(f"The log's scenario is cut off or has more than {MAX_BYTES:,} bytes.")
