"""What every desk begins with: the two workflows of product 4, the levels, the counter."""

from typing import Any

from firstline.base.db import atomic
from firstline.tickets.models import Automatic, Level, Numbering, Status, Transition, Workflow

SERVICE = {
    "names": {"ru": "Сервисный", "bg": "Сервизен", "en": "Service"},
    "close_after_days": 7,
    "statuses": [
        ("new", "new", {"ru": "Новая", "bg": "Нова", "en": "New"}, {}),
        ("open", "open", {"ru": "Открыта", "bg": "Отворена", "en": "Open"}, {}),
        ("in-progress", "open", {"ru": "В работе", "bg": "В работа", "en": "In progress"}, {}),
        (
            "needs-clarification",
            "deferred",
            {"ru": "Требует уточнения", "bg": "Иска уточнение", "en": "Needs clarification"},
            {
                "ru": "Ждём вашего ответа",
                "bg": "Чакаме ваш отговор",
                "en": "Waiting for your answer",
            },
        ),
        ("resolved", "resolved", {"ru": "Решена", "bg": "Решена", "en": "Resolved"}, {}),
        ("closed", "closed", {"ru": "Закрыта", "bg": "Затворена", "en": "Closed"}, {}),
    ],
    "moves": {
        "new": ["open", "in-progress", "needs-clarification", "resolved"],
        "open": ["in-progress", "needs-clarification", "resolved"],
        "in-progress": ["needs-clarification", "resolved"],
        "needs-clarification": ["open", "in-progress", "resolved"],
        "resolved": ["closed", "open"],
        "closed": [],
    },
    "automatic": {
        "agent_added": {"new": "open"},
        "customer_wrote": {"needs-clarification": "open", "resolved": "open"},
        "time_came": {"needs-clarification": "open"},
    },
}
MAILBOX = {
    "names": {"ru": "Почтовый ящик", "bg": "Пощенска кутия", "en": "Mailbox"},
    "close_after_days": None,
    "statuses": [
        ("new", "new", {"ru": "Новая", "bg": "Нова", "en": "New"}, {}),
        ("open", "open", {"ru": "Открыта", "bg": "Отворена", "en": "Open"}, {}),
        (
            "waiting",
            "waiting",
            {"ru": "В ожидании", "bg": "В изчакване", "en": "Waiting"},
            {"ru": "Отвечено", "bg": "Отговорено", "en": "Answered"},
        ),
        ("closed", "closed", {"ru": "Закрыта", "bg": "Затворена", "en": "Closed"}, {}),
    ],
    "moves": {
        "new": ["open", "closed"],
        "open": ["waiting", "closed"],
        "waiting": ["open", "closed"],
        "closed": ["open"],
    },
    "automatic": {
        "agent_added": {"new": "open"},
        "staff_replied": {"new": "waiting", "open": "waiting"},
        "customer_wrote": {"waiting": "open"},
    },
}
LEVELS = [
    ("first", {"ru": "Первый уровень", "bg": "Първо ниво", "en": "First level"}),
    ("second", {"ru": "Второй уровень", "bg": "Второ ниво", "en": "Second level"}),
    ("marketing", {"ru": "Маркетинг", "bg": "Маркетинг", "en": "Marketing"}),
    ("vendor", {"ru": "Вендор", "bg": "Производител", "en": "Vendor"}),
    ("incidents", {"ru": "Инциденты", "bg": "Инциденти", "en": "Incidents"}),
]


WORKFLOWS: dict[str, Any] = {"service": SERVICE, "mailbox": MAILBOX}


def install(**_: object) -> None:
    """Add what is missing; what an administrator changed stays as it is. Runs after every migration."""
    with atomic():
        Numbering.objects.get_or_create(pk=1)
        if not Level.objects.exists():
            Level.objects.bulk_create(
                Level(key=key, names=names, position=place, is_first=key == "first")
                for place, (key, names) in enumerate(LEVELS)
            )
        for key, plan in WORKFLOWS.items():
            if not Workflow.objects.filter(key=key).exists():
                _install_workflow(key, plan)


def _install_workflow(key: str, plan: dict[str, Any]) -> None:
    workflow = Workflow.objects.create(
        key=key, names=plan["names"], close_after_days=plan["close_after_days"]
    )
    statuses = {}
    for place, (name, phase, names, customer_names) in enumerate(plan["statuses"]):
        statuses[name] = Status.objects.create(
            workflow=workflow,
            key=name,
            phase=phase,
            names=names,
            customer_names=customer_names,
            position=place,
            is_initial=place == 0,
        )
    for source, targets in plan["moves"].items():
        for target in targets:
            Transition.objects.create(source=statuses[source], target=statuses[target])
    for trigger, moves in plan["automatic"].items():
        for source, target in moves.items():
            Automatic.objects.create(
                trigger=trigger, source=statuses[source], target=statuses[target]
            )
