"""Texts that must stay on one line: subjects, names, numbers."""


def one_line(text: str, most: int = 300) -> str:
    """The text without line breaks, control and direction characters, at most that long (C18)."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:most]
