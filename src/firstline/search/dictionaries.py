"""The dictionaries of the normaliser: made once per installation, read into memory on first use."""

import os
import re
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import RLock

import Stemmer
from django.conf import settings
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy, TrieDictionaryFactory

LANGUAGES = ("bg", "ru", "en")
# Loading twice at once would cost seconds, and a stemmer serves one thread at a time.
LOCK = RLock()
# A lemma may carry more than the word, such as "включа-(се)".
LEMMA = re.compile(r"[^\W_]+")
BULGARIAN_VOWEL = re.compile(r"ъ(?![еюя])")


def load() -> Lemmatizer:
    """The lemmatizer; the first call makes its dictionaries (seconds) or reads them (milliseconds)."""
    with LOCK:
        return _lemmatizer()


def english(word: str) -> str:
    """What the inflections of an English word have in common; `word` in lower case."""
    with LOCK:
        return _stem(_lemma(word, ("en",)), "english")


def cyrillic(word: str) -> str:
    """What the inflections of a Russian or Bulgarian word have in common; lower case, without ё.

    Snowball knows no Bulgarian: the article ът is cut off here, for words that no dictionary has,
    and the vowel ъ is written as one that the Russian stemmer takes for a vowel.
    """
    if len(word) > 4:
        word = word.removesuffix("ът")
    with LOCK:
        lemma = _lemma(word, ("bg", "ru"))
        return _stem(fold(lemma), "russian")


def fold(word: str) -> str:
    """A Cyrillic word as stems are written: with the Bulgarian vowel ъ as э."""
    return BULGARIAN_VOWEL.sub("э", word)


def _lemma(word: str, languages: tuple[str, ...]) -> str:
    """The word's lemma, by the first of the dictionaries that knows it; else the word."""
    found = LEMMA.match(load().lemmatize(word, languages).lower())
    return found[0].replace("ё", "е") if found else word


def _stem(word: str, language: str) -> str:
    return str(_snowball(language).stemWord(word))


@cache
def _snowball(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language, 0)


@cache
def _lemmatizer() -> Lemmatizer:
    tries = TrieDictionaryFactory(disk_cache_dir=str(_folder()))
    for language in LANGUAGES:
        tries.get_dictionary(language)
    strategy = DefaultStrategy(greedy=True, dictionary_factory=tries)
    return Lemmatizer(cache_max_size=0, lemmatization_strategy=strategy)


def _folder() -> Path:
    """Where the dictionaries lie, made if they are missing.

    A file gets its name when it is whole, so that two processes at the first start do no harm.
    """
    folder = Path(settings.DICTIONARIES) / f"simplemma-{version('simplemma')}"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in LANGUAGES if not (folder / f"{name}.dic").exists()]
    if missing:
        with tempfile.TemporaryDirectory(dir=folder) as draft:
            tries = TrieDictionaryFactory(disk_cache_dir=draft)
            for name in missing:
                tries.get_dictionary(name)
                os.replace(Path(draft) / f"{name}.dic", folder / f"{name}.dic")
    return folder
