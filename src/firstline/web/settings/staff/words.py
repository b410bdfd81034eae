"""The access levels in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from firstline.people.roles import OF_PARTNERS, Level


@dataclass(frozen=True, slots=True)
class Word:
    """A level: its key, its name, and what it is for."""

    key: str
    name: str
    means: str
    is_of_partner: bool


def levels(*, partners: bool = True) -> list[Word]:
    """All access levels in words; those of partners' staff only where there are partners."""
    told: Iterable[tuple[Level, str, str]] = (
        (
            Level.AGENT,
            pgettext("access level", "Agent"),
            _("Answers, escalates and resolves the tickets of their departments"),
        ),
        (
            Level.SUPERVISOR,
            pgettext("access level", "Supervisor"),
            _("And edits contracts, and reads along where a partner answers"),
        ),
        (Level.OBSERVER, pgettext("access level", "Observer"), _("Reads only")),
        (
            Level.ADMINISTRATOR,
            pgettext("access level", "Administrator"),
            _("Everything: all departments, and all settings"),
        ),
        (
            Level.PARTNER_AGENT,
            _("Partner's agent"),
            _("Answers the tickets of the partner's customers"),
        ),
        (
            Level.PARTNER_SUPERVISOR,
            _("Partner's supervisor"),
            _("The same, for whoever leads there"),
        ),
    )
    return [
        Word(level.value, name, means, level in OF_PARTNERS)
        for level, name, means in told
        if partners or level not in OF_PARTNERS
    ]
