"""Standing entries about machines, programs and service accounts: what may run, log on and send where."""

from collections.abc import Iterable

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.registry import Registry
from opensec_inspect.incident.facts.entities import Account

BOOKS = ("Budget", "Payroll", "Fixed assets", "Travel costs", "Depreciation", "Cash plan")
REMOTE_PROGRAMS = ("sc.exe", "msiexec.exe", "wevtutil.exe")
SUPPORT_PROGRAMS = ("systeminfo", "netsh", "ipconfig", "tasklist")
Entry = tuple[str, str, str, Account, str]
"""Register, party, object, who entered it, bounds in words."""


def allowances(writer: Registry) -> None:
    """Writes them all; each is weeks or months old."""
    concerns = (_workbooks, _servers, _services, _support, _outside)
    for register, party, object_, by, scope in (entry for one in concerns for entry in one(writer)):
        dice = Dice(f"{writer.key}|register|{register}|{party}|{object_}")
        days = dice.between(20, 620)
        fields = {"scope": scope, "valid_from": writer.date(-days)}
        writer.add(days, dice, register, "REG", party, object_, by, **fields)


def _workbooks(writer: Registry) -> Iterable[Entry]:
    """Who keeps the workbooks with macros of finance."""
    finance = [a for a in writer.people if a.role == "finance"]
    share = next(a.path for a in writer.site.organisation.assets if a.path.endswith("\\Finance$"))
    dice = Dice(f"{writer.key}|register|keepers")
    for folder in dice.some(BOOKS, 3):
        keeper = dice.pick(finance)
        scope = "saves workbooks with macros here"
        yield "workbook keepers", keeper.id, f"{share}\\{folder}", writer.head, scope


def _servers(writer: Registry) -> Iterable[Entry]:
    """What may be run on servers from afar."""
    dice = Dice(f"{writer.key}|register|maintenance programs")
    for server in writer.setting.servers:
        for name in dice.some(REMOTE_PROGRAMS, dice.between(1, 2)):
            yield "maintenance programs", server.id, name, writer.head, "from afar, listed programs only"


def _services(writer: Registry) -> Iterable[Entry]:
    """Where service accounts log on from and write copies to."""
    accounts = {a.sam: a.id for a in writer.site.organisation.accounts if a.role == "service"}
    management, backup = writer.setting.server("management_server"), writer.setting.server("backup_server")
    for name in ("svc-monitor", "svc-dirsync", "svc-deploy"):
        yield "service log-ons", accounts[name], management, writer.head, "listed machines only"
    for name in ("svc-monitor", "svc-deploy"):
        yield "backup targets", accounts[name], backup, writer.head, "listed machines only"


def _support(writer: Registry) -> Iterable[Entry]:
    """What the desk may run in support sessions, beside what Windows itself starts."""
    dice = Dice(f"{writer.key}|register|support toolkit")
    for analyst in writer.analysts:
        for key in dice.some(SUPPORT_PROGRAMS, 2):
            digest = writer.setting.scene.binaries[key].sha256
            yield "support toolkit", analyst.id, digest, writer.head, "in support sessions, listed files only"


def _outside(writer: Registry) -> Iterable[Entry]:
    """Where programs send to, where technicians fetch from, and what installs on some machines."""
    dice, organisation = Dice(f"{writer.key}|register|outside"), writer.site.organisation
    services = [n.domain for n in organisation.names if n.category == "saas"]
    for domain in dice.some(services, 3):
        owner, by = dice.pick(writer.people), dice.pick(writer.analysts)
        yield "hosted services", owner.id, domain, by, f"uploads go to {domain} only"
    for service in ("rmm", "updates"):
        domain = writer.setting.domain(service)
        yield "software sources", writer.head.id, domain, writer.head, f"fetched from {domain} only"
    laptops = [d for d in organisation.devices if d.role == "laptop" and d.owner]
    for device in dice.some(laptops, 3):
        yield "software installers", device.id, "msiexec.exe", dice.pick(writer.analysts), "packages of IT"
