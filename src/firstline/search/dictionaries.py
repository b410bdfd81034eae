"""The dictionaries of the normaliser: made once per installation, read into memory on first use.

simplemma's Russian and Bulgarian tables become one: a form leads to all its lemmas in both languages,
whatever its case and with е for ё, as people type. What the tables show of how endings change is
kept beside it, for forms that they lack.
"""

import json
import os
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import RLock

from django.conf import settings
from marisa_trie import BytesTrie, RecordTrie
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy, TrieDictionaryFactory
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

# Loading twice at once would cost seconds.
LOCK = RLock()
# Changes with what is stored, so that files of an earlier version are not read.
FORMAT = 2
FORMS, LEMMAS, ENDINGS, ENGLISH = "forms.dic", "lemmas.dic", "endings.json", "en.dic"

CYRILLIC = re.compile(r"[\u0400-\u052f]+")
# A lemma may carry more than the word, such as "включа-(се)".
LEMMA = re.compile(r"[^\W_]+")
SHORTEST_STEM = 3
LONGEST_ENDING = 5
# A change of ending that fewer forms show is an exception, no rule.
LEAST_FORMS = 200


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Russian and Bulgarian words, in lower case and with е for ё."""

    forms: BytesTrie  # form -> lemmas
    lemmas: RecordTrie  # lemma -> how many forms the tables know of it, at most 255
    endings: dict[
        str, list[str]
    ]  # ending of a form -> endings its lemma may have, most usual first

    def lemmas_of(self, form: str) -> set[str]:
        """The lemmas that the tables give for a form; none for a word that they do not have."""
        return {lemma.decode() for lemma in self.forms.get(form, ())}

    def neighbours(self, form: str) -> Iterator[tuple[str, int]]:
        """Lemmas that a usual change of ending makes of this form, those nearest to it first, each
        with the number of its forms in the tables.
        """
        for length in range(min(LONGEST_ENDING, len(form) - SHORTEST_STEM) + 1):
            stem, ending = form[: len(form) - length], form[len(form) - length :]
            for other in self.endings.get(ending, ()):
                for (count,) in self.lemmas.get(stem + other, ()):
                    yield stem + other, count


def load() -> Dictionary:
    """The dictionary; the first call makes it (some ten seconds) or reads it (milliseconds)."""
    with LOCK:
        return _dictionary()


def english() -> Lemmatizer:
    """The lemmatizer of English words."""
    with LOCK:
        return _english()


@cache
def _dictionary() -> Dictionary:
    folder = _folder()
    return Dictionary(
        BytesTrie().load(str(folder / FORMS)),
        RecordTrie("<B").load(str(folder / LEMMAS)),
        json.loads((folder / ENDINGS).read_text(encoding="utf-8")),
    )


@cache
def _english() -> Lemmatizer:
    tries = TrieDictionaryFactory(disk_cache_dir=str(_folder()))
    tries.get_dictionary("en")
    strategy = DefaultStrategy(greedy=True, dictionary_factory=tries)
    return Lemmatizer(cache_max_size=0, lemmatization_strategy=strategy)


def _folder() -> Path:
    """Where the dictionaries lie, made if they are missing.

    A file gets its name when it is whole, so that two processes at the first start do no harm.
    """
    folder = Path(settings.DICTIONARIES) / f"simplemma-{version('simplemma')}-{FORMAT}"
    folder.mkdir(parents=True, exist_ok=True)
    if not all((folder / name).exists() for name in (FORMS, LEMMAS, ENDINGS, ENGLISH)):
        with tempfile.TemporaryDirectory(dir=folder) as draft:
            _make(Path(draft))
            TrieDictionaryFactory(disk_cache_dir=draft).get_dictionary("en")
            for path in Path(draft).iterdir():
                os.replace(path, folder / path.name)
    return folder


def _make(folder: Path) -> None:
    """Write the files of the dictionary."""
    forms: defaultdict[str, set[str]] = defaultdict(set)
    for language in ("ru", "bg"):
        table = _table(language)
        for form, lemmas in table.items():
            for lemma in lemmas:  # some lemmas are entries that lead on to the real one
                forms[form] |= table.get(lemma) or {lemma}
    counts = Counter(lemma for lemmas in forms.values() for lemma in lemmas)
    pairs = [(form, lemma.encode()) for form in forms for lemma in forms[form]]
    BytesTrie(pairs).save(str(folder / FORMS))
    numbers = [(lemma, (min(count, 255),)) for lemma, count in counts.items()]
    RecordTrie("<B", numbers).save(str(folder / LEMMAS))
    (folder / ENDINGS).write_text(json.dumps(_endings(forms)), encoding="utf-8")


def _table(language: str) -> dict[str, set[str]]:
    """simplemma's table of a language: the lemmas of each form.

    It parts names of several words wrongly (Дня, of День Победы, leads to победы), so a capital
    counts only where no other entry has the form.
    """
    entries = DefaultDictionaryFactory(cache_max_size=0).get_dictionary(language)
    table: defaultdict[str, set[str]] = defaultdict(set)
    for form, lemma in entries.items():
        is_spare = form[0].isupper() and form.lower() in entries
        if CYRILLIC.fullmatch(form) and not is_spare and (found := LEMMA.match(lemma)):
            table[_typed(form)].add(_typed(found[0]))
    return table


def _typed(word: str) -> str:
    return word.lower().replace("ё", "е")


def _endings(forms: dict[str, set[str]]) -> dict[str, list[str]]:
    """How endings change from form to lemma, as often as LEAST_FORMS show it."""
    changes: Counter[tuple[str, str]] = Counter()
    for form, lemmas in forms.items():
        for lemma in lemmas:
            same = _shared(form, lemma)
            if form != lemma and same >= SHORTEST_STEM and len(form) - same <= LONGEST_ENDING:
                changes[form[same:], lemma[same:]] += 1
    endings: dict[str, list[str]] = {}
    for (ending, other), count in changes.most_common():
        if count >= LEAST_FORMS:
            endings.setdefault(ending, []).append(other)
    return endings


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
