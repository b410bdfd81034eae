"""The one normaliser: a text becomes words in forms that their inflections share.

Tickets and queries pass through it alike, in Russian, Bulgarian and English, and both engines store
what it gives. No language is guessed: the letters of a word decide which dictionaries it meets.
"""

import re
import unicodedata
from functools import lru_cache

from firstline.search import dictionaries, stems

MOST_WORDS = 20_000
LONGEST_WORD = 40

WORD = re.compile(rf"([^\W_]{{1,{LONGEST_WORD}}})[^\W_]*")
MARKS = re.compile(r"[\u0300-\u036f]+")
# Soft hyphens, zero-width spaces, joiners and marks of direction: they show where a word may be
# broken or how it runs, and are no part of it.
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
MARKED = re.compile(r"[^\W_][\u0300-\u036f]+")
CYRILLIC = re.compile(r"[\u0400-\u052f]+")
LATIN = re.compile(r"[a-z]+")


def normalise(text: str) -> list[str]:
    """The words of a text in their order, at most MOST_WORDS of at most LONGEST_WORD signs.

    Numbers and the parts of addresses stay as they are. The words hold lower-case letters and
    digits only, so nothing in them means anything to an engine. A word that may be a form of several
    gives each.
    """
    return [one for word in split(text) for one in forms(word)]


def split(text: str) -> list[str]:
    """The words of a text as they were typed, but for case, accents and length."""
    text = INVISIBLE.sub("", text.lower()).replace("ё", "е")
    if MARKS.search(text):
        # й may come as и and a breve; a stress mark means nothing. Few signs are composed at a
        # time: the work grows with the square of a run of marks.
        text = MARKED.sub(lambda found: unicodedata.normalize("NFC", found[0][:3]), text)
        text = MARKS.sub("", text).replace("ё", "е")
    return WORD.findall(text)[:MOST_WORDS]


@lru_cache(maxsize=100_000)
def forms(word: str) -> tuple[str, ...]:
    """What the inflections of a word from `split` have in common; at least one."""
    if CYRILLIC.fullmatch(word):
        return stems.cyrillic_stems(word)
    if LATIN.fullmatch(word):
        return stems.english_stems(word)
    return (word,)


def beginning(word: str) -> str:
    """What the forms of words begin with that begin like `word`, a half-typed one from `split`."""
    return stems.fold(word.removesuffix("ъ")) if CYRILLIC.fullmatch(word) else word


def warm() -> None:
    """Load the dictionaries now, so that no request or job has to wait for them."""
    dictionaries.load()
    dictionaries.english()
