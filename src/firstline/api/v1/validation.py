"""What is wrong with the fields of a request, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as RuleBroken
from django.utils.translation import gettext as _
from ninja.errors import ValidationError as ShapeBroken

from firstline.api.v1.problems import FieldError

Context = Mapping[str, Any]


def shape_errors(problem: ShapeBroken) -> list[FieldError]:
    """Errors of a body, query or path that has not the documented shape."""
    return [
        FieldError(field=_field(error["loc"]), message=_message(error)) for error in problem.errors
    ]


def rule_errors(problem: RuleBroken) -> list[FieldError]:
    """Errors that an action found."""
    if not hasattr(problem, "error_dict"):
        return [FieldError(field="", message=text) for text in problem.messages]
    return [
        FieldError(field="" if name == NON_FIELD_ERRORS else name, message=text)
        for name, texts in problem.message_dict.items()
        for text in texts
    ]


def _field(place: tuple[int | str, ...]) -> str:
    """The name that the client knows: without where it came from and how our code calls it."""
    source, *path = place
    return ".".join(str(part) for part in (path[1:] if source == "body" else path))


def _message(error: Context) -> str:
    write = MESSAGES.get(error["type"])
    return write(error.get("ctx", {})) if write else _("This value is not valid.")


def _expected(context: Context) -> str:
    return _("Expected one of: %(values)s.") % {
        "values": str(context.get("expected", "")).replace(" or ", ", ")
    }


MESSAGES: dict[str, Callable[[Context], str]] = {
    "bool_type": lambda _context: _("Expected true or false."),
    "control_character": lambda _context: _("The text holds characters that can't be stored."),
    "date_from_datetime_inexact": lambda _context: _("Expected a day such as 2026-05-31."),
    "date_from_datetime_parsing": lambda _context: _("Expected a day such as 2026-05-31."),
    "date_type": lambda _context: _("Expected a day such as 2026-05-31."),
    "datetime_from_date_parsing": lambda _context: _(
        "Expected a moment such as 2026-05-31T14:30:00Z."
    ),
    "datetime_parsing": lambda _context: _("Expected a moment such as 2026-05-31T14:30:00Z."),
    "datetime_type": lambda _context: _("Expected a moment such as 2026-05-31T14:30:00Z."),
    "dict_type": lambda _context: _("Expected an object."),
    "extra_forbidden": lambda _context: _("There is no such field."),
    "greater_than_equal": lambda context: _("At least %(number)s.") % {"number": context["ge"]},
    "int_parsing": lambda _context: _("Expected a whole number."),
    "less_than_equal": lambda context: _("At most %(number)s.") % {"number": context["le"]},
    "list_type": lambda _context: _("Expected a list."),
    "literal_error": _expected,
    "missing": lambda _context: _("This field is needed."),
    "model_type": lambda _context: _("Expected an object."),
    "not_base64": lambda _context: _("Expected the bytes of the file in Base64."),
    "string_too_long": lambda context: (
        _("At most %(number)s characters.") % {"number": context["max_length"]}
    ),
    "string_too_short": lambda _context: _("This must not be empty."),
    "string_type": lambda _context: _("Expected a text."),
    "timezone_aware": lambda _context: _("The moment needs a time zone, such as Z or +02:00."),
    "too_long": lambda context: (
        _("At most %(number)s entries.") % {"number": context["max_length"]}
    ),
}
