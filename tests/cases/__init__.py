from opensec_inspect.incident.facts.scenario import AlertFamily

FAMILIES: tuple[AlertFamily, ...] = (
    "unfamiliar_sign_in",
    "phishing_click",
    "mfa_prompts",
    "encoded_powershell",
    "beacon",
)
"""The families that draw what authorises them, and share their attack graphs."""
