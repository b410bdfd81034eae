"""Whole numbers as people, programs and browsers write them: the one reader of all of them."""

LARGEST = 10**18 - 1  # fits a column of 64 bits of both databases, with room for adding to it


def read_number(text: object, *, most: int = LARGEST) -> int | None:
    """The number from 0 to `most` that `text` is in plain ASCII digits; None for anything else.

    No sign, no space, no exponent, no digits of other scripts (`"²".isdigit()` is true), and nothing
    longer than `most` itself: Python refuses to convert some thousand digits, with an exception.
    """
    if not isinstance(text, str) or not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(most)):
        return None
    number = int(digits)
    return number if number <= most else None


def read_id(text: str | None) -> int | None:
    """The key of a row in an address or a form; None for any text that is none."""
    return read_number(text)
