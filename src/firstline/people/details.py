"""What people say of themselves, or staff of them, made clean and checked."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base import emails, zones
from firstline.base.languages import CODES
from firstline.base.lines import one_line

LONGEST_ADDRESS = 254
LONGEST_PHONE = 40
FEWEST_DIGITS = 5


def line(typed: str, longest: int) -> str:
    """One line without what can't be seen. Raises ValidationError where it is too long."""
    text = one_line(typed, longest + 1)
    if len(text) > longest:
        raise ValidationError(_("At most %(number)s characters.") % {"number": longest})
    return text


def name(typed: str) -> str:
    """A name that is not empty. Raises ValidationError."""
    text = line(typed, 200)
    if not text:
        raise ValidationError(_("Write the first and the last name."))
    return text


def address(typed: str) -> str:
    """A mail address as it is kept, in lower case. Raises ValidationError."""
    email = emails.normal(line(typed, LONGEST_ADDRESS))
    try:
        emails.check(email)
    except ValidationError as problem:
        message = _("This is no mail address. It looks like this: name@company.example")
        raise ValidationError(message) from problem
    return email


def phone(typed: str) -> str:
    """A phone number in whatever spelling, "" for none. Raises ValidationError."""
    number = line(typed, LONGEST_PHONE)
    if number and sum(char.isdigit() for char in number) < FEWEST_DIGITS:
        raise ValidationError(_("Write a phone number, such as +359 2 000 18 44."))
    return number


def language(code: str) -> str:
    """One of the desk's languages. Raises ValidationError."""
    if code not in CODES:
        raise ValidationError(_("There is no such language here."))
    return code


def time_zone(name: str) -> str:
    """A zone that there is by its name of today, "" for the desk's own. Raises ValidationError."""
    name = zones.current_name(name)
    if name and not zones.is_known(name):
        raise ValidationError(_("There is no such time zone. Choose one from the list."))
    return name
