"""Texts for made tickets: sentences by Zipf's law, and names that are rare at any size.

Frequent words behave like real ones, because the n-th word of a list comes about 1/n as often as
the first. Rare ones do, too: every ticket names one machine, and there is a machine for each
`TICKETS_PER_NAME` tickets, so a search for a name finds as much on a big desk as on a small one.
"""

from itertools import accumulate
from random import Random

from bench.words import FAREWELLS, FIRST_NAMES, GREETINGS, LAST_NAMES, SYLLABLES, WORDS, WROTE

SENTENCES = 4_000
TICKETS_PER_NAME = 20
LANGUAGES = ("ru", "en", "bg")
SHARES = (45, 75, 100)  # of customers, cumulated


class Texts:
    """Pools of sentences; drawing from them costs a microsecond a message."""

    def __init__(self, seed: int) -> None:
        random = Random(f"{seed}:texts")
        self.sentences = {code: _sentences(random, code) for code in LANGUAGES}

    def subject(self, random: Random, language: str, name: str) -> str:
        """A line of some words and, often, the name of the machine."""
        line = random.choice(self.sentences[language])[:-1]
        line = line if len(line) < 70 else line[:70].rsplit(" ", 1)[0]
        return f"{line}: {name}" if random.random() < 0.5 else line

    def letter(self, random: Random, language: str, name: str, writer: str) -> str:
        """A message of 2 to 5 sentences between a greeting and a name."""
        body = " ".join(random.choices(self.sentences[language], k=random.randint(2, 5)))
        machine = f" {name}." if name else ""
        return f"{GREETINGS[language]}\n\n{body}{machine}\n\n{FAREWELLS[language]}\n{writer}"


def _sentences(random: Random, language: str) -> list[str]:
    words = WORDS[language]
    weights = list(accumulate(1 / (place + 2) for place in range(len(words))))
    made = []
    for _ in range(SENTENCES):
        line = " ".join(random.choices(words, cum_weights=weights, k=random.randint(5, 13)))
        made.append(line.capitalize() + ".")
    return made


def html_of(text: str) -> str:
    """The HTML part of a letter, as it is kept after cleaning."""
    return "<p>" + text.replace("\n\n", "</p>\n<p>").replace("\n", "<br>\n") + "</p>"


def quoted(text: str, language: str, writer: str) -> str:
    """What an answer repeats of the message before."""
    return f"{writer} {WROTE[language]}\n> " + text[:300].replace("\n", "\n> ")


def machine(number: int) -> str:
    """The name of the n-th machine, a word that nothing else contains."""
    parts, rest = [], number
    for _ in range(4):
        rest, place = divmod(rest, len(SYLLABLES))
        parts.append(SYLLABLES[place])
    return "".join(parts) + "x"


def machines(tickets: int) -> int:
    """How many machines a desk of this size has."""
    return max(tickets // TICKETS_PER_NAME, 50)


def person(random: Random, language: str) -> str:
    return f"{random.choice(FIRST_NAMES[language])} {random.choice(LAST_NAMES[language])}"
