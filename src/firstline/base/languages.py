"""The three languages of the desk, and names that an administrator writes in each of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES = (("ru", _("Russian")), ("bg", _("Bulgarian")), ("en", _("English")))
CODES = tuple(code for code, _name in LANGUAGES)
FALLBACKS = ("en", "ru", "bg")


def known(code: str | None) -> str:
    """The language of the desk that a tag such as `bg-BG` asks for, or the installation's own."""
    short = (code or "").replace("_", "-").split("-")[0].lower()
    return short if short in CODES else str(settings.LANGUAGE_CODE)


def pick(names: dict[str, str], language: str | None = None) -> str:
    """The name in the reader's language; where that one is missing, the nearest there is."""
    wanted = known(language or get_language())
    for code in (wanted, *FALLBACKS):
        if names.get(code):
            return names[code]
    return next(iter(names.values()), "")


def empty_names() -> dict[str, str]:
    return {}


class Named(models.Model):
    """A row whose name is data in ru, bg and en (product 11.6)."""

    names: "models.JSONField[Any, Any]" = models.JSONField(default=empty_names)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of whoever reads now."""
        return pick(self.names)


RUSSIAN_WORDS = {
    "и",
    "что",
    "это",
    "как",
    "вы",
    "мы",
    "у",
    "не",
    "или",
    "но",
    "уже",
    "при",
    "нас",
    "вас",
}
BULGARIAN_WORDS = {
    "е",
    "се",
    "да",
    "ли",
    "съм",
    "си",
    "са",
    "ми",
    "ви",
    "моля",
    "от",
    "към",
    "със",
    "във",
    "което",
}


def guess(text: str) -> str:
    """The language a text is most likely written in, "" when there is no telling (product 11.6)."""
    sample = text[:4000].lower()
    letters = [char for char in sample if char.isalpha()]
    if len(letters) < 12:
        return ""
    cyrillic = sum("а" <= char <= "я" or char in "ёіїўѝ" for char in letters)
    if cyrillic * 2 < len(letters):
        return "en" if all(char.isascii() for char in letters) else ""
    words = sample.split()
    russian = sum(sample.count(char) for char in "ыэё") + sum(
        word in RUSSIAN_WORDS for word in words
    )
    bulgarian = sample.count("ъ") + sum(word in BULGARIAN_WORDS for word in words)
    return "ru" if russian >= bulgarian else "bg"
