"""Ticket numbers in the index: words of their own, which no text can hold.

Text gives words of letters and digits; these begin with an underscore. A number is stored with its
beginnings, so that "SR0004" is one word to look up, however many tickets begin with it.
"""

import re

from firstline.search.words import LONGEST_WORD, split

WHOLE = "__"
BEGINNING = "_"
MOST_MISSING = 4  # signs of a number: a shorter beginning would find ten thousands of tickets
DIGIT = re.compile(r"[0-9]")
COUNTER = re.compile(r"0*([0-9]+)\D*$")


def marks_of(number: str) -> list[str]:
    """The words that a ticket with this number is found by: the number and its counter, each whole
    and by its beginnings. SR00048213 gives __sr00048213, _sr0004, _sr00048, …, __48213, _4, _48, ….
    """
    joined = _joined(number)
    counter = COUNTER.search(number)
    found = dict.fromkeys([joined, counter[1]] if counter else [joined])
    return [mark for one in found for mark in (WHOLE + one, *_beginnings(one))]


def whole(text: str) -> str:
    """The word that finds the ticket with this number; nothing if the text can be no number."""
    typed = _typed(text)
    return WHOLE + typed if typed else ""


def beginning(text: str) -> str:
    """The word that finds the tickets whose number begins so; nothing if the text can be none."""
    typed = _typed(text)
    return BEGINNING + typed if typed else ""


def _typed(text: str) -> str:
    """A number as it was typed; a bare counter with or without its zeros."""
    if len(text) > LONGEST_WORD or len(text.split()) != 1:
        return ""
    joined = _joined(text)
    if joined.isdecimal():
        return joined.lstrip("0")
    return joined if DIGIT.search(joined) else ""


def _joined(number: str) -> str:
    return "".join(split(number))


def _beginnings(number: str) -> list[str]:
    ends = range(max(len(number) - MOST_MISSING, 1), len(number) + 1)
    return [BEGINNING + number[:end] for end in ends]
