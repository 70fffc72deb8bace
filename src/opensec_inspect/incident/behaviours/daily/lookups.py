"""Small traffic that every network has: names looked up, clocks set, ports that nobody opens."""

from opensec_inspect.incident.behaviours.base.network import reach
from opensec_inspect.incident.behaviours.base.setting import DAY_MIN, Setting, minutes, rate

LOOKUPS, PROBES = {"desk": 1.0, "soc": 1.1}, {"desk": 2.0, "soc": 9.0}
"""Per client and day, and per organisation and day, on average."""
KINDS = (*("dns",) * 5, "ntp", *("ldap_udp",) * 2, *("dce_rpc",) * 2)
"""What machines ask the domain controller, as often as it stands here."""
CLOSED: tuple[tuple[str, str], ...] = (
    ("smb", "unreachable"),
    ("dce_rpc", "unreachable"),
    ("winrm", "unreachable"),
    ("winrm", "unreachable"),
    ("http", "refused"),
)
"""What the management server tries on clients, and how it ends: most drop what they did not ask for."""


def run(setting: Setting) -> None:
    """All of it on this day."""
    controller = setting.server("domain_controller")
    for device, begins, ends in setting.clients:
        dice = setting.dice("lookups", device.id)
        for minute in minutes(dice, [(begins, ends)], rate(dice, LOOKUPS[setting.noise])):
            reach(setting, device.id, controller, dice.pick(KINDS), minute, dice, concern="lookup")
    for server in setting.servers:
        dice = setting.dice("lookups", server.id)
        if server.id != controller:
            for minute in minutes(dice, [(0, DAY_MIN - 1)], rate(dice, LOOKUPS[setting.noise])):
                reach(setting, server.id, controller, dice.pick(KINDS), minute, dice, concern="lookup")
    _probes(setting)


def _probes(setting: Setting) -> None:
    """The management server looks for machines that its agent has not heard of; none lets it in."""
    dice, origin = setting.dice("probes"), setting.server("management_server")
    if not setting.clients:
        return
    for _ in range(rate(dice, PROBES[setting.noise])):
        device, begins, ends = dice.pick(setting.clients)
        service, outcome = dice.pick(CLOSED)
        minute = begins + dice.below(max(1, ends - begins))
        reach(setting, origin, device.id, service, minute, dice, concern="probe", outcome=outcome)
