"""Sizes of files as people read them."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def size(count: int) -> str:
    """So many bytes: 512 B, 14.5 KB, 10 MB, in the reader's units and with their decimal sign."""
    # The four units with spaces between them, the smallest first.
    units = _("B KB MB GB").split()
    number, power = float(count), 0
    while round(number, 1) >= 1024 and power < len(units) - 1:
        number, power = number / 1024, power + 1
    number = round(number, 1)
    digits = number_format(number, 0 if number.is_integer() else 1)
    return f"{digits}\N{NO-BREAK SPACE}{units[power]}"
