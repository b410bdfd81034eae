"""What the history says in Russian and Bulgarian has no English word left in it."""

import re
from typing import Any

import pytest
from django.utils import translation

from firstline.events.models import Event
from firstline.people.models import Person
from firstline.tickets.history import describe

LATIN = re.compile(r"[A-Za-z]")
LEVEL = {"level_from": {"ru": "Первый", "bg": "Първо"}, "level_to": {"ru": "Второй", "bg": "Второ"}}
TEAM = {"team_from": "", "team_to": {"ru": "Базы", "bg": "Бази"}}
AGENT = {"responsible_from": "Борис", "responsible_to": ""}
OTHER = {"number": "15"}
EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("ticket.opened", {"follows": "15"}),
    ("ticket.opened", {"split_from": "15"}),
    ("ticket.opened", {}),
    ("ticket.alerted", {}),
    ("ticket.acknowledged", {}),
    ("ticket.alert_overdue", {}),
    ("ticket.claimed", {"from": "Борис"}),
    ("ticket.claimed", {}),
    ("ticket.handed_over", {"partner": "Бета", "reason": "Диск"}),
    ("ticket.handed_back", {"partner": "Бета", "reason": "Диск"}),
    ("ticket.escalated", {**LEVEL, **TEAM, **AGENT, "reason": "Диск"}),
    ("ticket.escalated", {**LEVEL}),
    ("ticket.level_changed", {**LEVEL}),
    ("ticket.notes_changed", {}),
    ("ticket.merged", OTHER),
    ("ticket.took_in", OTHER),
    ("ticket.unmerged", OTHER),
    ("ticket.gave_back", {"number": ""}),
    *(
        ("ticket.linked", OTHER | {"bond": bond, "way": way})
        for bond in ("duplicate", "part", "related")
        for way in ("to", "from")
    ),
    ("ticket.unlinked", OTHER),
    ("ticket.split", OTHER),
    ("ticket.assigned", {"from": "Борис", "to": 1, "name": "Вера"}),
    ("ticket.assigned", {"to": 1, "name": "Вера"}),
    ("ticket.assigned", {"from": "Борис", "to": None, "name": ""}),
    ("ticket.tagged", {"added": ["диск"], "removed": ["сеть"]}),
    ("ticket.tagged", {"added": ["диск"], "removed": []}),
    ("ticket.tagged", {"added": [], "removed": ["сеть"]}),
]


@pytest.mark.parametrize("language", ["ru", "bg"])
def test_no_sentence_has_a_word_of_english(language: str) -> None:
    with translation.override(language):
        said = [
            describe(Event(kind=kind, data=data, actor=Person(name="Анна")))
            for kind, data in EVENTS
        ]
    assert all(said)
    assert [one for one in said if LATIN.search(one)] == []
