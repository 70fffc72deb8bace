"""What browsers call themselves: one law for everybody's sessions and for what the proxy reads."""

from opensec_inspect.core.dice import Dice

EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{major}.0.0.0 Safari/537.36 Edg/{major}.0.0.0"
)
"""The browser of a managed machine, which names its major version alone."""
SYNC_AGENT = "Microsoft SkyDriveSync 24.201.1006.0005 ship; Windows NT 10.0 (22631)"
"""What the sync client calls itself."""
POWERSHELL_AGENT = "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-GB) WindowsPowerShell/5.1.22621.4391"
"""What PowerShell calls itself where the proxy reads a request."""
RCLONE_AGENT = "rclone/v1.68.2"
"""The same of the one version of rclone that an organisation keeps."""
OUTLOOK_MOBILE = ("Outlook-iOS/4.2525.1", "Outlook-iOS/4.2525.1", "Outlook-Android/4.2525.3")
"""Mail on telephones, which the stores keep at one version each."""
NEWEST = 137
BEHIND_SHARE = 0.15
"""Share of people whose browser has not been restarted since the last release; a setting."""


def edge_of(key: str, account: str | None) -> str:
    """The browser of somebody in the organisation `key`; nobody's, and an outsider's, is the newest."""
    behind = account is not None and Dice(f"{key}|browser|{account}").chance(BEHIND_SHARE)
    return EDGE.format(major=NEWEST - behind)


def outlook_of(phone: str) -> str:
    """What mail calls itself on the telephone registered under that GUID."""
    return Dice(phone).pick(OUTLOOK_MOBILE)
