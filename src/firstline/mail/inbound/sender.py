"""Who wrote a mail, as far as its place goes: usually its From, sometimes its Reply-To."""

from dataclasses import dataclass

from firstline.base.lookups import Lookup
from firstline.mail import addresses
from firstline.mail.inbound.placed import Placed
from firstline.mail.mime.parse import Address, Mail
from firstline.mail.models import FormSender, RawMail
from firstline.mail.proof import Word

NOBODY = Address("", "")


@dataclass(frozen=True, slots=True)
class Sender:
    """The person behind a mail; `form`: the address that sent what they filled in, if one did."""

    address: Address
    form: str = ""


def _departments(emails: list[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for email, pk in FormSender.objects.filter(address__in=emails).values_list(
        "address", "department"
    ):
        found.setdefault(email, set()).add(pk)
    return found


departments_of_forms = Lookup(_departments)


def sender_of(row: RawMail, mail: Mail, department: int | None, placed: Placed) -> Sender:
    """The sender that the mail names, else its envelope; of forms, the customer in Reply-To.

    A mail from our own address speaks for its Reply-To, as web forms write it, and so does one from
    an address that is known to send forms to this department. Whatever was proven then speaks for
    the address that sent it, not for the customer.
    """
    named = mail.sender if mail.sender.email else _of_envelope(row, placed)
    placed.note("sender", named.email)
    email = named.email.lower()
    if not email:
        return Sender(NOBODY)
    customer = _reply_to(mail, email)
    if addresses.is_ours(email):
        placed.note("own-address", email)
        placed.proof["word"] = Word.NOT
        return Sender(customer)
    if customer.email and department in (departments_of_forms(email) or ()):
        placed.note("form-sender", email)
        placed.note("sender", customer.email)
        placed.proof["word"] = Word.NOT
        return Sender(customer, email)
    return Sender(named)


def _of_envelope(row: RawMail, placed: Placed) -> Address:
    """The envelope sender (RFC 5321, 3.3): what scanners and scripts give where From is missing."""
    email = row.envelope_sender.strip("<> ")
    if "@" in email:
        placed.note("envelope-sender", email)
        return Address("", email)
    return NOBODY


def _reply_to(mail: Mail, besides: str) -> Address:
    """The first address of Reply-To that is neither ours nor the sender's."""
    others = (one for one in mail.reply_to if one.email and one.email.lower() != besides)
    return next((one for one in others if not addresses.is_ours(one.email)), NOBODY)
