"""Who else is to get a mail, as somebody typed it: read, and refused where it would come back to us."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.mail import addresses
from firstline.mail.mime.addresses import read
from firstline.tickets.recipients import Mailbox, Recipients, check_address, mailboxes

LONGEST = 10_000  # letters of one field


def copies(cc: str, bcc: str, also: Iterable[str] = ()) -> Recipients:
    """What was typed into the two fields; `also`: people of the customer's mail that were ticked.

    Who gets an open copy gets no secret one. Raises ValidationError.
    """
    open_ones = mailboxes([*mailboxes_in("cc", cc), *mailboxes_in("cc", ", ".join(also))])
    known = {address for _name, address in open_ones}
    secret = tuple(one for one in mailboxes_in("bcc", bcc) if one[1] not in known)
    found = Recipients(cc=open_ones, bcc=secret)
    found.check()
    return found


def mailboxes_in(field: str, text: str) -> tuple[Mailbox, ...]:
    """The people in a field, divided by commas or semicolons; never an address of ours (C15).

    Raises ValidationError at the field.
    """
    if len(text) > LONGEST:
        raise ValidationError({field: _("That is too long.")})
    if not text.replace("\t", " ").isprintable():  # no field of a form has two lines (C18)
        raise ValidationError({field: _("Separate the addresses with commas.")})
    named = [one for one in read(text.replace(";", ",")) if one.email or one.name]
    for one in named:
        check_address(field, one.email or one.name)
        if addresses.is_ours(one.email):
            words = {"address": one.email}
            raise ValidationError(
                {
                    field: _("%(address)s is an address of this desk: the mail would come back.")
                    % words
                }
            )
    return mailboxes((one.name, one.email) for one in named)


def typed(people: Iterable[Mailbox]) -> str:
    """People as one types them into a field."""
    return ", ".join(_typed(name, address) for name, address in people)


def _typed(name: str, address: str) -> str:
    plain = "".join(char for char in name if char not in '"<>,;:\\()')
    return f"{plain} <{address}>" if plain.strip() else address
