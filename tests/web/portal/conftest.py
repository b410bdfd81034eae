"""Tickets of the portal's tests, and words that must never be read there."""

from dataclasses import dataclass

import pytest

from firstline.tickets.actions.hold import hold
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Attachment, Ticket
from tests.cast import Cast, actor, open_by

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "08d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Svetlana's ticket in hosting, with the service workflow."""
    return open_by(cast.svetlana, cast.hosting)


@pytest.fixture
def boxed(cast: Cast) -> Ticket:
    """Svetlana's ticket in equipment, with the mailbox workflow."""
    return open_by(cast.svetlana, cast.equipment, "The printer blinks", "Three times, then never.")


@dataclass(frozen=True, slots=True)
class Planted:
    """A ticket with what a customer must never see, and the words that would give it away."""

    ticket: Ticket
    hidden_file: Attachment
    public_file: Attachment
    words: tuple[str, ...]


@pytest.fixture
def planted(cast: Cast) -> Planted:
    """A ticket with a hidden comment, a stranger's message, internal events and files of each."""
    public = [Enclosure("screen.png", PICTURE)]
    ticket = open_by(
        cast.svetlana, cast.hosting, "Planted", "The customer's own words", files=public
    )
    reply(actor(cast.anna), ticket, Draft("An answer for everybody"), via="web")
    secret = [Enclosure("zanzibar.txt", b"zanzibar")]
    note(actor(cast.anna), ticket, Draft("They owe us xylophones", files=secret), via="web")
    hold(
        ticket, cast.zlata, Draft("A stranger says quagmire", quote="quoted labyrinth"), via="mail"
    )
    files = {one.file.name: one for one in Attachment.objects.select_related("file")}
    return Planted(
        ticket,
        hidden_file=files["zanzibar.txt"],
        public_file=files["screen.png"],
        words=(
            "xylophones",
            "zanzibar",
            "quagmire",
            "labyrinth",
            "Злата",
            "unknown sender",
            "staff",
        ),
    )
