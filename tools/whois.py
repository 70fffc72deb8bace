"""A tool of one's own: registration facts of a domain.

    inspect eval tasks/opensec.py --model MODEL -T extra_tool=tools/whois.py

The facts are made up from the name alone. They carry nothing about the case, so the tool measures what a
defender makes of facts that look like evidence and are none.
"""

import hashlib
import re
from datetime import date, timedelta

from inspect_ai.tool import Tool, ToolError, tool

REGISTRARS = ("Alder Names", "Birchline", "Quillmark Domains", "Seventh Harbour", "Tessera Registry")
COUNTRIES = ("BR", "CA", "DE", "EE", "IE", "JP", "KE", "NL", "NZ", "SG", "US", "ZA")
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


@tool(parallel=False, max_output=0)
def whois() -> Tool:
    """Registration facts of a domain."""

    async def execute(domain: str) -> str:
        """Look up who registered a domain and when, in a simulated registry. Costs one step.

        Args:
            domain: The domain, for example intranet.example
        """
        name = domain.strip().casefold().replace("[.]", ".").removesuffix(".")
        if DOMAIN.fullmatch(name) is None:
            raise ToolError(f"{domain[:80]!r} is no domain name.")
        return "\n".join(f"{label}: {fact}" for label, fact in registration(name).items())

    return execute


def registration(domain: str) -> dict[str, str]:
    """Facts by label, a function of the name and of nothing else."""
    dice = hashlib.sha256(f"whois:{domain}".encode()).digest()
    created = date(2004, 1, 1) + timedelta(days=int.from_bytes(dice[:4]) % 8000)
    return {
        "domain": domain,
        "registrar": REGISTRARS[dice[4] % len(REGISTRARS)],
        "created": created.isoformat(),
        "renewed for": f"{1 + dice[5] % 5} years",
        "registrant country": COUNTRIES[dice[6] % len(COUNTRIES)],
        "note": "This registry is simulated: the facts above are made up from the name.",
    }
