"""Whether the customer wrote while somebody was answering (product 3.12)."""

from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility


class CustomerWrote(Exception):
    """The customer wrote after what the author had seen; `message` is the first such message."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.pk)
        self.message = message


def check(ticket: Ticket, seen: int | None) -> None:
    """Refuse what was written in ignorance. The caller holds the ticket's lock.

    `seen`: id of the newest message that the author had before their eyes; None asks nothing. On one
    ticket ids follow the order of writing, because each verb holds its row. Raises CustomerWrote.
    """
    if seen is None:
        return
    from_customer = ticket.messages.filter(
        pk__gt=seen, kind=Kind.IN, visibility=Visibility.PUBLIC, is_foreign=False
    )
    message = from_customer.order_by("pk").first()
    if message is not None:
        raise CustomerWrote(message)
