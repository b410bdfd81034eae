"""What somebody looks for, in words that mean nothing to any engine (C43)."""

from dataclasses import dataclass

from firstline.search import numbers, phones
from firstline.search.words import beginning, forms, split

MOST_TERMS = 10
LONGEST = 10_000  # characters that are read
SHORTEST_BEGINNING = 2


@dataclass(frozen=True, slots=True)
class Term:
    """A document must hold one of `words`, or, where `beginning` is given, any that begins so."""

    words: tuple[str, ...]
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What a document must hold: all `terms`, or the word `number`; and `scope` besides, if given.

    All words hold letters, digits and underscores only, and are not empty.
    """

    terms: tuple[Term, ...] = ()
    number: str = ""
    scope: str = ""

    def __bool__(self) -> bool:
        return bool(self.terms or self.number)


def read(text: str) -> Query:
    """The query that a text from outside stands for; its last word may still be being typed."""
    called, rest = phones.take(text[:LONGEST])
    called_terms = [_phone(typed, marks) for typed, marks in called.items()]
    typed = split(rest)[:MOST_TERMS]
    terms = [Term(forms(word)) for word in typed]
    if typed and len(last := beginning(typed[-1])) >= SHORTEST_BEGINNING:
        terms[-1] = Term(forms(typed[-1]), last)
    every = dict.fromkeys([*called_terms[:MOST_TERMS], *terms])
    return Query(tuple(every), numbers.beginning(text))


def _phone(typed: str, marks: list[str]) -> Term:
    """A phone number; digits without a gap may be some other number, or half of one."""
    digits = split(typed)
    return Term((*marks, *digits), digits[0]) if len(digits) == 1 else Term(tuple(marks))


def read_number(text: str) -> Query:
    """The query for the ticket with exactly this number or counter; empty if the text is none."""
    return Query(number=numbers.whole(text))
