"""Texts that must stay on one line: subjects, names, numbers."""

import re

SPACES = re.compile(" {2,}")
IDEOGRAPHIC_SPACE = "\u3000"  # between words in Japanese: no sign that means nothing


def one_line(text: str, most: int = 300) -> str:
    """The text without line breaks, control and direction characters, at most that long (C18)."""
    kept = (char if char.isprintable() or char == IDEOGRAPHIC_SPACE else " " for char in text)
    return SPACES.sub(" ", "".join(kept)).strip()[:most]
