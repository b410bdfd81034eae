"""What the inflections of a word have in common: the stems of its lemmas, usually one.

A form of two words ("стали": steel, became) has the stems of both, and so has a word that Russian
and Bulgarian share. No language is guessed.
"""

import re
from functools import cache

import Stemmer

from firstline.search.dictionaries import LEMMA, LOCK, Dictionary, english, load

BULGARIAN_VOWEL = re.compile(r"ъ(?![еюя])")
# The definite articles of Bulgarian, and -те of the Russian "let us": none is part of a stem.
ARTICLES = ("ът", "ят", "та", "то", "те")
REFLEXIVE = re.compile(r"мтесь$")
SHORTEST_STEM = 3
# A lemma of which the tables have hardly a form: the others stand under a wrong one.
FEW_FORMS = 4
# Snowball takes the plural from no word without a vowel: VPNs, PDFs.
ABBREVIATIONS = re.compile(r"([^aeiouy]+[^aeiouys])s")


def english_stems(word: str) -> tuple[str, ...]:
    """The stem of an English word in lower case."""
    with LOCK:  # a stemmer serves one thread at a time
        found = LEMMA.match(english().lemmatize(word, ("en",)).lower())
        lemma = found[0] if found else word
        if plural := ABBREVIATIONS.fullmatch(lemma):
            lemma = plural[1]
        return (_stem(lemma, "english"),)


def cyrillic_stems(word: str) -> tuple[str, ...]:
    """The stems of a Russian or Bulgarian word in lower case, without ё; at least one."""
    with LOCK:
        lemmas = _lemmas(load(), word)
        return tuple(sorted({_stem(fold(lemma), "russian") for lemma in lemmas}))


def fold(word: str) -> str:
    """A Cyrillic word as stems are written: the Bulgarian vowel ъ as one that Snowball knows."""
    return BULGARIAN_VOWEL.sub("э", word)


def _lemmas(dictionary: Dictionary, word: str) -> set[str]:
    """What the tables say, and lemmas they neglect; else a neighbour; else the word itself."""
    if known := dictionary.lemmas_of(word):
        neighbours = dictionary.neighbours(word)
        return known | {lemma for lemma, count in neighbours if count <= FEW_FORMS}
    shorter = _without_article(word)
    for form in (shorter, word):
        if found := dictionary.lemmas_of(form):
            return found
        for lemma, _count in dictionary.neighbours(form):
            return {lemma}
    return {word.removesuffix("ът")}


def _without_article(word: str) -> str:
    word = REFLEXIVE.sub("мся", word)
    for article in ARTICLES:
        if word.endswith(article) and len(word) - len(article) >= SHORTEST_STEM:
            return word.removesuffix(article)
    return word


def _stem(word: str, language: str) -> str:
    return str(_snowball(language).stemWord(word))


@cache
def _snowball(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language, 0)
