"""Who gets what is said: shown before it is sent, and who else may be chosen (C6, C10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from firstline.mail import recipients
from firstline.mail.outbound import readers
from firstline.tickets.recipients import Mailbox, Recipients, named

if TYPE_CHECKING:
    from firstline.people.models import Person
    from firstline.tickets.models import Message, Ticket

FIELDS = ("cc", "bcc", "also")


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody of the customer's last mail, or who had a copy before: offered, and ticked or not."""

    name: str
    address: str
    is_chosen: bool


@dataclass(slots=True)
class Copies:
    """What a form knows of who gets it: `told` without any choice, `others` to be ticked, and what
    is typed into the two fields."""

    told: "Sequence[Person]" = ()
    others: list[Other] = field(default_factory=list)
    cc: str = ""
    bcc: str = ""

    @property
    def number(self) -> int:
        """How many people are chosen beside those who get it anyway."""
        typed = sum(text.count("@") for text in (self.cc, self.bcc))
        return typed + sum(other.is_chosen for other in self.others)


def read(request: HttpRequest) -> Recipients:
    """Who was chosen in a posted form. Raises ValidationError."""
    return recipients.copies(
        request.POST.get("cc", ""), request.POST.get("bcc", ""), request.POST.getlist("also")
    )


def was_asked(request: HttpRequest) -> bool:
    """Whether the form let choose at all: not every one is about a mail."""
    return any(name in request.POST for name in FIELDS)


def typed_again(request: HttpRequest, offered: Copies) -> Copies:
    """The same choice as in a form that was refused."""
    ticked = set(request.POST.getlist("also"))
    others = [Other(one.name, one.address, one.address in ticked) for one in offered.others]
    return Copies(
        offered.told,
        others,
        request.POST.get("cc", "")[:10_000],
        request.POST.get("bcc", "")[:10_000],
    )


def offered(ticket: "Ticket", messages: "Sequence[Message]") -> Copies:
    """What a fresh form begins with: chosen is who had a copy of our last answer."""
    told = readers.told(ticket, messages)
    known = {one.email for one in told}
    said = [one for one in messages if one.visibility == "public" and not one.is_foreign]
    ours = [one for one in said if one.kind in {"out", "comment"}]
    asked = next((one for one in reversed(said) if one.kind == "in"), None)
    before = named(ours[-1].recipients, "cc") if ours else []
    people: dict[str, str] = {}
    for one in (*readers.others_in(asked, known), *_earlier(ours, known)):
        people.setdefault(one[1], one[0])
    chosen = {address for _name, address in before}
    others = [Other(name, address, address in chosen) for address, name in people.items()]
    return Copies(told, others)


def chosen(offered: Copies, kept: dict[str, Any] | None) -> Copies:
    """The choice that was kept with a draft; None: nobody chose anything."""
    if kept is None:
        return offered
    known, was = {one.address for one in offered.others}, Recipients.of(kept)
    ticked = {address for _name, address in was.cc}
    return Copies(
        offered.told,
        [Other(one.name, one.address, one.address in ticked) for one in offered.others],
        recipients.typed(one for one in was.cc if one[1] not in known),
        recipients.typed(was.bcc),
    )


def _earlier(ours: "Sequence[Message]", known: set[str]) -> list[Mailbox]:
    """Who had an open copy of any answer of ours."""
    return [
        one
        for message in reversed(ours)
        for one in named(message.recipients, "cc")
        if one[1] not in known
    ]
