"""Which domains lead here: mail to addresses in all others goes elsewhere, unless it is forwarded."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.tickets.models import Department


def received() -> list[str]:
    """The domains whose mail comes to this desk, its own one first."""
    return [one.lower() for one in (settings.MAIL_DOMAIN, *settings.MAIL_DOMAINS)]


def is_received(address: str) -> bool:
    """Whether mail to this address comes here by itself."""
    return address.rpartition("@")[2].lower() in received()


def check_system_address(address: str) -> None:
    """Raise ValidationError, without a field, if answers to this address would not come here."""
    if is_received(address):
        return
    text = _(
        "Mail to %(address)s does not come to this desk by itself: its domain is not among %(domains)s."
        " If this is your public address, enter it under Forwarding addresses, and choose a system"
        " address at %(domain)s."
    )
    here = received()
    values = {"address": address.strip(), "domains": ", ".join(here), "domain": here[0]}
    raise ValidationError(text % values)


def unreachable() -> list[Department]:
    """The departments in use whose system address does not lead here."""
    return [
        one for one in Department.objects.filter(is_active=True) if not is_received(one.address)
    ]
