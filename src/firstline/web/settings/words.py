"""Sentences that several settings say."""

from django.utils.translation import ngettext


def went_to(number: int, name: str) -> str:
    """Where the tickets went of what is retired."""
    text = ngettext(
        "%(number)s ticket went to “%(name)s”.", "%(number)s tickets went to “%(name)s”.", number
    )
    return text % {"number": number, "name": name}
