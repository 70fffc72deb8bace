"""Cloud sign-ins and log-ons to machines."""

from opensec_inspect.incident.facts.events import LoggedOn, SignedIn
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.derived import digest, make_row, number
from opensec_inspect.incident.sensors.identifiers import (
    cloud_device_id,
    fqdn,
    hostname,
    network_of,
    upn,
    windows_account,
)
from opensec_inspect.incident.sensors.rows import Lowered, Row

TABLE = "auth_logs"
RESULTS = {
    0: "Success",
    50034: "User account not found",
    50053: "Account is locked",
    50055: "Password is expired",
    50074: "Strong authentication required",
    50076: "Multifactor authentication required",
    50126: "Invalid username or password",
    50140: "Keep me signed in interrupt",
    50173: "Grant expired: credentials were changed or revoked",
    53003: "Blocked by Conditional Access",
    65001: "Consent to the application is missing",
    70043: "Refresh token expired",
    500121: "Authentication failed during strong authentication request",
}
"""What the platform says with each result code."""
FIRST_FACTOR_NOT_MET = frozenset({50034, 50053, 50126})
"""Results of people who did not show that they know the password: anybody may name any account."""
LOGON_FAILURES = {
    "bad_password": ("0xc000006a", "Unknown user name or bad password"),
    "account_reset": ("0xc000006a", "Unknown user name or bad password"),
    "denied": ("0xc000015b", "Logon type not granted at this computer"),
    "refused": ("0xc000006d", "Logon failure"),
    "unreachable": ("0xc000005e", "No logon servers available"),
}
"""Status and words of a log-on that failed, by outcome."""
AT_THE_MACHINE = frozenset({2, 5, 7, 10, 11})
"""Types of log-ons whose package is negotiated on the machine itself; only the network ones name it."""


def signed_in(event: SignedIn, scene: Scene) -> Row:
    """A sign-in as the identity platform saw it."""
    system, location = network_of(event.address, scene)
    managed = scene.devices[event.device] if event.device else None
    met = event.result not in FIRST_FACTOR_NOT_MET
    cells = (
        "SigninInteractive" if event.interactive else "SigninNonInteractive",
        upn(event.account, scene),
        *("", ""),
        event.app,
        managed.hostname if managed else "",
        cloud_device_id(managed.device_id) if managed else event.foreign_device,
        "true" if managed else "false" if event.foreign_device else "",
        event.address,
        system,
        location,
        event.result,
        RESULTS.get(event.result, "Sign-in failed"),
        "multiFactorAuthentication" if event.mfa else "singleFactorAuthentication",
        event.mfa if met else "",
        event.protocol,
        event.user_agent,
        event.session,
        event.risk,
        *("", ""),
    )
    lowered: Lowered = () if met else (("UserPrincipalName", "X"),)
    stream = digest(scene, event.id, TABLE)
    return make_row(event, TABLE, cells, "identity-telemetry", stream=stream, lowered=lowered)


def logged_on(event: LoggedOn, scene: Scene) -> Row:
    """A log-on as the machine's endpoint sensor saw it; in a failed one the account is a claim."""
    ok = event.outcome == "ok"
    account, sid = windows_account(event.account, scene)
    status, words = (0, "Success") if ok else LOGON_FAILURES[event.outcome]
    stream = digest(scene, event.id, TABLE)
    cells = (
        "LogonSuccess" if ok else "LogonFailed",
        "",
        account,
        sid if ok else "S-1-0-0",
        "",
        fqdn(event.device, scene),
        scene.devices[event.device].device_id,
        "",
        scene.address_of(event.origin, event.at_ms) if event.origin else "",
        *("", ""),
        status,
        words,
        *("", ""),
        "Negotiate" if event.logon_type in AT_THE_MACHINE else event.package,
        "",
        f"0x{number(stream, 0, 0x51_000, 0x3FF_FFFF):x}" if ok else "0x0",
        "",
        event.logon_type,
        hostname(event.origin, scene),
    )
    lowered: Lowered = () if ok else (("AccountName", "X"),)
    return make_row(event, TABLE, cells, "endpoint-telemetry", stream=stream, lowered=lowered)
