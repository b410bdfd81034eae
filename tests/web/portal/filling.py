"""The form of a new ticket as Svetlana fills it in."""

from typing import Any

from django.test import Client

from firstline.tickets.models import TicketType
from tests.cast import Cast
from tests.web.pages import form_of

NEW = "/portal/tickets/new/"
QUESTIONS = "/portal/tickets/new/questions/"


def repair(cast: Cast) -> TicketType:
    """A public type of hosting with a question of each kind; the model must be told."""
    made = TicketType.objects.create(
        names={"en": "Repair", "ru": "Ремонт", "bg": "Ремонт"}, department=cast.hosting
    )
    option = {"key": "hot", "names": {"ru": "Жарко", "bg": "Горещо", "en": "Hot"}}
    for position, (key, name, what, needed) in enumerate(
        [
            ("model", "Model", "text", True),
            ("degrees", "Degrees", "number", False),
            ("since", "Since", "date", False),
            ("state", "State", "choice", False),
        ]
    ):
        made.fields.create(
            key=key,
            names={"en": name},
            kind=what,
            is_required=needed,
            options=[option] if what == "choice" else [],
            position=position,
        )
    return made


def filled(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What Svetlana types, with nothing wrong in it."""
    good = {
        "department": cast.hosting.pk,
        "contract": "С-0412/25",
        "callback_name": "Светлана Иванова",
        "callback_phone": "+7 900 000-55-20",
        "subject": "The site is slow",
        "text": "Since <b>yesterday</b>\nevening",
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def send(client: Client, cast: Cast, **changed: Any) -> Any:
    """Open the form, fill it in and send it."""
    return client.post(NEW, form_of(client, NEW, **filled(cast, **changed)))
