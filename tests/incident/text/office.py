"""Facts of many made-up cases and days, drawn, for laws over whole scenarios."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.text.templates import LureKind

PEOPLE = (
    "Mara Okafor",
    "Jon Pell",
    "Ines Duarte",
    "Kay Brandt",
    "Tom Hale",
    "Lea Novak",
    "Piet Visser",
    "Ana Rocha",
    "Sam Lind",
    "Eva Karlsson",
)
COMPANIES = ("Northbeam Logistics", "Veldra Systems", "Arbor Print", "Kestrel Data", "Lumen Parts")


def facts_of(dice: Dice) -> dict[str, str]:
    """Every slot there is, filled."""
    sender, recipient, colleague, superior, caller = dice.some(PEOPLE, 5)
    company = dice.pick(COMPANIES)
    return {
        "sender": sender,
        "recipient": recipient,
        "colleague": colleague,
        "superior": superior,
        "caller": caller,
        "sender_company": company,
        "company": "Northlake Instruments",
        "number": f"{dice.pick(('INC00', 'PO-', 'INV-'))}{dice.between(10000, 99999)}",
        "host": f"NLI-{dice.pick(('LT', 'WS'))}-{dice.between(100, 999)}",
        "app": dice.pick(("Ledgerline", "Docuflow", "Planboard", "Shopdesk")),
        "rule": dice.pick(("Sign-in from unfamiliar location", "Repeated MFA prompts", "Rare destination")),
        "procedure": f"KB00{dice.between(10000, 99999)}",
        "day": dice.pick(("Monday", "Tuesday", "12 March", "Thursday")),
        "time": f"{dice.between(7, 11):02d}:{dice.below(60):02d}",
        "later": f"{dice.between(13, 18):02d}:{dice.below(60):02d}",
        "domain": f"{company.split()[0].lower()}.com",
        "amount": f"EUR {dice.between(90, 9000)}.{dice.below(100):02d}",
        "city": dice.pick(("Leeds", "Porto", "Gent", "Oslo", "Graz", "Lyon")),
        "file": dice.pick(("forecast", "rota", "pricing", "audit_list")) + dice.pick((".xlsx", ".pdf")),
        "topic": dice.pick(("spare parts planning", "energy audits", "packaging law")),
        "site": dice.pick(("Finance Share", "Projects", "HR Docs")),
        "meeting": dice.pick(("Budget round", "Sales weekly", "Line review")),
        "project": dice.pick(("Line 4 retrofit", "Orion", "New ERP", "Dock 2")),
        "initials": dice.pick(("TH", "LN", "PV")),
        "group": dice.pick(("Service Desk", "Network", "Workplace")),
        "about": f"TRV00{dice.between(100, 999)}",
        "table": "data_assets",
    }


def target_of(kind: LureKind, dice: Dice) -> str:
    """A name for what a lure is about."""
    return {
        "host": f"NLI-WS-{dice.between(100, 999)}",
        "user": dice.pick(("p.sorensen", "m.okafor", "j.pell")),
        "domain": dice.pick(("westmark-print.com", "abel-tools.com")),
        "query": "\\\\NLI-FS02\\" + dice.pick(("Payroll", "Legal")),
        "report": f"NLI-WS-{dice.between(100, 999)}",
    }[kind]
