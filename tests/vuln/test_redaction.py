"""A canary is found and replaced in every form that it is written in, and nothing else is."""

import base64

import pytest

from opensec_inspect.vuln.task.redaction import redacted, shows

CANARY = "0f1e2d3c4b5a69788796"
STAND_IN = "[canary:77aa]"
FORMS = {
    "raw": CANARY,
    "upper case": CANARY.upper(),
    "hexadecimal": CANARY.encode().hex(),
    "base64": base64.b64encode(CANARY.encode()).decode(),
    "base64 after one letter": base64.b64encode(b"x" + CANARY.encode()).decode(),
    "base64 after two letters": base64.b64encode(b"xy" + CANARY.encode()).decode(),
    "escapes": "".join(f"\\x{ord(letter):02x}" for letter in CANARY),
    "unicode escapes": "".join(f"\\u{ord(letter):04x}" for letter in CANARY),
    "html": "".join(f"&#{ord(letter)};" for letter in CANARY),
    "percent": "".join(f"%{ord(letter):02X}" for letter in CANARY),
    "spaced": " ".join(CANARY),
    "a list": str(list(CANARY)),
    "a part": CANARY[6:14],
}


@pytest.mark.parametrize("form", FORMS)
def test_it_is_found_and_replaced(form: str) -> None:
    text = f"before {FORMS[form]} after"

    clean = redacted(text, CANARY, STAND_IN)

    assert shows(text, CANARY)
    assert not shows(clean, CANARY)
    assert STAND_IN in clean
    assert clean.startswith("before ")
    assert clean.endswith(" after")


@pytest.mark.parametrize(
    "text", ["", STAND_IN, CANARY[:7], "0f1e2d3 c4b5a697"[:8], "deadbeefdeadbeef", "0" * 500]
)
def test_what_is_no_canary_stays(text: str) -> None:
    assert redacted(text, CANARY, STAND_IN) == text
    assert not shows(text, CANARY)
