"""Mail addresses in one spelling: a domain may be written in Unicode or as xn--, and is the same.

What we keep is in small letters, composed (NFC), with the domain in Unicode where it has one. Labels
are coded as IDNA 2008 does (RFC 5891): the codec of the standard library follows IDNA 2003, which
makes another domain of straße.de.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, validate_email

DOTS = re.compile("[\u3002\uff0e\uff61]")  # full stops of East Asian keyboards (RFC 3490, 3.1)
ACE = "xn--"
LONGEST_LABEL = 63
# Letters beyond ASCII between those of RFC 5322's atext (RFC 6531, 3.3).
LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")


def normal(address: str) -> str:
    """The address as it is kept and compared. What has no sign is only made small."""
    text = unicodedata.normalize("NFC", address.strip()).lower()
    local, sign, domain = text.rpartition("@")
    return f"{local}{sign}{normal_domain(domain)}" if sign else text


def normal_domain(domain: str) -> str:
    """A domain in small letters and in Unicode."""
    text = DOTS.sub(".", unicodedata.normalize("NFC", domain.strip()).lower()).rstrip(".")
    return ".".join(_shown(label) for label in text.split("."))


def ascii_domain(domain: str) -> str:
    """A domain as the DNS has it: xn-- for labels beyond ASCII (RFC 5890, 2.3.2.1)."""
    return ".".join(_coded(label) for label in normal_domain(domain).split("."))


def spellings(address: str) -> list[str]:
    """The address as it is kept, and as former versions may have kept it, in small letters."""
    kept = normal(address)
    local, sign, domain = kept.rpartition("@")
    coded = f"{local}{sign}{ascii_domain(domain)}" if sign else kept
    return list(dict.fromkeys([kept, coded]))


def on_the_wire(address: str) -> str:
    """The address for a mail: in ASCII where that is possible, else all in Unicode (RFC 6531)."""
    local, sign, domain = address.rpartition("@")
    domain = ascii_domain(domain) if local.isascii() else normal_domain(domain)
    return f"{local}{sign}{domain}"


def check(address: str) -> None:
    """Refuse what no mail could go to; letters beyond ASCII are letters. Raises ValidationError."""
    local, _sign, domain = address.rpartition("@")
    if local.isascii():
        validate_email(f"{local}@{ascii_domain(domain)}" if domain else address)
        return
    if not LOCAL.fullmatch(local) or len(on_the_wire(address).encode()) > EMAIL_BYTES:
        raise ValidationError(EmailValidator.message, code="invalid")
    validate_email(f"a@{ascii_domain(domain)}")


EMAIL_BYTES = 254  # RFC 5321, 4.5.3.1.3, in octets


def _shown(label: str) -> str:
    """A label in Unicode, if that is what it codes; else as it is."""
    if not label.startswith(ACE) or not label.isascii():
        return label
    try:
        shown = label[len(ACE) :].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    plain = unicodedata.normalize("NFC", shown).lower()
    is_sound = plain == shown and not shown.isascii() and re.fullmatch(r"[\w\u00b7-]+", shown)
    return shown if is_sound and _coded(shown) == label else label


def _coded(label: str) -> str:
    if label.isascii():
        return label
    coded = ACE + label.encode("punycode").decode("ascii")
    return coded if len(coded) <= LONGEST_LABEL else label
