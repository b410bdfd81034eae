"""What the tests of the ways in share: a portal in one of its modes, and registering."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.people import portals
from firstline.people.models import Portal

FORM = {
    "name": "Громова Лидия Павловна",
    "email": "gromova@zarya.example",
    "phone": "+7 900 000-55-20",
    "company_name": "Птицефабрика «Заря»",
    "contract_number": "",
    "language": "ru",
    "time_zone": "Asia/Yekaterinburg",
    "consent": "yes",
}


@pytest.fixture
def mode(db: None) -> Callable[[str], None]:
    """Let people come into the installation's portal in this way: `mode("open")`."""

    def change(registration: str) -> None:
        Portal.objects.filter(partner=None).update(registration=registration)
        portals.forget(portals.own())

    return change


@pytest.fixture
def register(settle: Callable[[], None]) -> Callable[..., Any]:
    """Send the form, with other values for some fields, and let everything due happen."""

    def send(client: Client | None = None, **fields: Any) -> Any:
        response = (client or Client()).post("/register/", FORM | fields)
        settle()
        return response

    return send
