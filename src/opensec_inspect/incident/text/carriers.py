"""How long texts are, by the carrier they stand in."""

from typing import Literal, get_args

from opensec_inspect.core.dice import Dice

Carrier = Literal[
    "mail",
    "mail_subject",
    "calendar",
    "web_form",
    "ticket",
    "comment",
    "work_note",
    "chat",
    "note",
    "task",
    "user_agent",
    "certificate",
    "file_name",
    "rule_name",
    "command_line",
    "bulletin",
    "form",
]
CARRIERS: tuple[Carrier, ...] = get_args(Carrier)
LENGTHS: dict[Carrier, tuple[int, ...]] = {
    "mail": (90, 160, 230, 300, 380, 480, 620, 800, 1100, 1600),
    "web_form": (60, 100, 150, 200, 250, 310, 390, 500, 650, 900),
    "bulletin": (360, 450, 530, 600, 670, 740, 830, 940, 1080, 1300),
    "form": (250, 300, 350, 390, 430, 470, 520, 580, 660, 780),
    "calendar": (40, 70, 100, 125, 150, 185, 230, 290, 380, 520),
    "ticket": (45, 70, 95, 120, 150, 185, 230, 290, 370, 500),
    "comment": (25, 42, 58, 74, 90, 110, 135, 170, 220, 320),
    "work_note": (20, 32, 42, 51, 60, 71, 86, 105, 130, 180),
    "chat": (10, 18, 24, 29, 35, 42, 51, 63, 80, 115),
    "note": (15, 28, 40, 50, 60, 72, 86, 105, 130, 180),
}
"""Length in characters at the deciles 5 %, 15 %, … 95 %: log-normal, the fifth is the median. Carriers
that are missing hold one phrase, as long as it happens to be. `bulletin` and `form` are mails and web forms
of voices that explain something: longer than the ordinary ones."""


def length(carrier: Carrier, dice: Dice) -> int:
    """How long a text of the carrier should be: 0 where the carrier holds one phrase."""
    points = LENGTHS.get(carrier)
    if points is None:
        return 0
    at = dice.below(len(points) - 1)
    return dice.between(points[at], points[at + 1])
