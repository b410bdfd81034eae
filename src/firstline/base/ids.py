"""Keys of rows, as they stand in addresses and forms."""


def read_id(text: str | None) -> int | None:
    """A number that any database takes; None for any other text."""
    is_number = text is not None and text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if text and is_number else None
