"""Host names as people type them, made into what browsers send (cap 106)."""

import re
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 200  # characters; longer names are nobody's
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def normal(text: str) -> str:
    """The name in lower case, its national letters encoded. Raises ValidationError, saying why."""
    name = text.strip().lower().removesuffix(".")
    if not name:
        raise ValidationError(_("Type a host name, such as help.example.com."))
    if any(sign in name for sign in ":/@?#"):
        raise ValidationError(
            _("Only the name itself, without https://, port or path: help.example.com.")
        )
    try:
        name = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValidationError(_not_a_name(text)) from None
    labels = name.split(".")
    if len(name) > LONGEST or len(labels) < 2 or not all(map(LABEL.fullmatch, labels)):
        raise ValidationError(_not_a_name(text))
    if _is_address(name) or labels[-1].isdigit():
        raise ValidationError(_("This is an IP address. A portal needs a name of its own."))
    if name in settings.OWN_HOSTS:
        raise ValidationError(
            _("%(name)s is the desk's own address already (FIRSTLINE_URL).") % {"name": name}
        )
    return name


def shown(name: str) -> str:
    """The name with its national letters, as people read it."""
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def _not_a_name(text: str) -> str:
    return _("“%(text)s” is no host name. It looks like help.example.com.") % {"text": text[:100]}


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
