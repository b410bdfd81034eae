"""A mail server that answers wrongly about one mail: a wire before Dovecot that changes its answers.

The answers are those that people report of Yahoo, Office 365, Exchange and others.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.cutting import Ear, Wire, wire

FETCH = re.compile(rb"(\S+) UID FETCH ([\d:,*]+) \(UID (.*)\)\r\n")
UID = re.compile(rb"\bUID (\d+)")
LITERAL = re.compile(rb"\{(\d+)\}\r\n\Z")
REFUSAL = b" NO [UNAVAILABLE] UID FETCH Server error while fetching messages\r\n"
# What becomes of the answer for the bad mail; None: the whole question is refused.
Change = Callable[[bytes], bytes | None]


def _body(answer: bytes, shown: Callable[[bytes], bytes]) -> bytes:
    """The answer with something else in place of its literal."""
    begin, _sign, rest = answer.partition(b" {")
    size, _end, rest = rest.partition(b"}\r\n")
    return begin + b" " + shown(rest[: int(size)]) + rest[int(size) :]


def _next(found: re.Match[bytes]) -> bytes:
    return b"UID %d" % (int(found[1]) + 1)


def _literal(content: bytes) -> bytes:
    return b"{%d}\r\n%b" % (len(content), content)


def _sized(answer: bytes, size: Callable[[int], int]) -> bytes:
    return re.sub(
        rb"RFC822\.SIZE (\d+)", lambda found: b"RFC822.SIZE %d" % size(int(found[1])), answer
    )


@dataclass(frozen=True)
class Fault:
    """A wrong answer to the question about sizes (`RFC822.SIZE`) or contents (`BODY.PEEK[]`).

    `heals`: whether the mail comes in although the server stays as it is.
    """

    to: bytes
    change: Change
    word: bytes = b"NO"
    heals: bool = False


SIZES, CONTENT, ANY = b"RFC822.SIZE", b"BODY.PEEK[]", b""
FAULTS: dict[str, Fault] = {
    "leaves the mail out": Fault(SIZES, lambda _answer: b"", heals=True),
    "leaves its size out": Fault(
        SIZES, lambda answer: re.sub(rb" ?RFC822\.SIZE \d+", b"", answer), heals=True
    ),
    "NO to sizes": Fault(SIZES, lambda _answer: None, heals=True),
    "BAD to sizes": Fault(SIZES, lambda _answer: None, word=b"BAD", heals=True),
    "leaves the content out": Fault(CONTENT, lambda _answer: b""),
    "NIL": Fault(CONTENT, lambda answer: _body(answer, lambda _text: b"NIL")),
    "empty text": Fault(CONTENT, lambda answer: _body(answer, lambda _text: b'""')),
    "empty literal": Fault(CONTENT, lambda answer: _body(answer, lambda _text: _literal(b""))),
    "NO to the content": Fault(CONTENT, lambda _answer: None),
    "BAD to the content": Fault(CONTENT, lambda _answer: None, word=b"BAD"),
    "names another mail": Fault(CONTENT, lambda answer: UID.sub(_next, answer, count=1)),
    "content twice": Fault(CONTENT, lambda answer: answer * 2, heals=True),
    "NIL, then the content": Fault(
        CONTENT, lambda answer: _body(answer, lambda _text: b"NIL") + answer, heals=True
    ),
    "sizes twice": Fault(SIZES, lambda answer: answer * 2, heals=True),
    "size too small": Fault(SIZES, lambda answer: _sized(answer, lambda _size: 1), heals=True),
    "size too large": Fault(
        SIZES, lambda answer: _sized(answer, lambda size: size + 10), heals=True
    ),
    "size much too large": Fault(
        SIZES, lambda answer: _sized(answer, lambda size: size * 9), heals=True
    ),
    "size 0": Fault(SIZES, lambda answer: _sized(answer, lambda _size: 0), heals=True),
    "NO to everything about it": Fault(ANY, lambda _answer: None),
}


@dataclass
class Faulty:
    """What passes of one server; `bad` are the UIDs it answers wrongly about while it `is_ill`."""

    fault: Fault
    bad: set[int] = field(default_factory=lambda: {2})
    is_ill: bool = True
    asked: list[bytes] = field(default_factory=list)  # every question of a FETCH

    def ears(self) -> tuple[Ear, Ear]:
        """Those of one connection."""
        passing = _Passing(self)
        return passing.question, passing.answer


@dataclass
class _Passing:
    """One connection: the question that is being answered, and what came of the answer so far."""

    server: Faulty
    tag: bytes = b""
    what: bytes = b""
    is_refused: bool = False
    rest: bytes = b""

    def question(self, data: bytes) -> bytes:
        if found := FETCH.match(data):
            self.tag, self.what = found[1], found[3]
            self.server.asked.append(found[2] + b" " + found[3])
            self.is_refused = False
        return data

    def answer(self, data: bytes) -> bytes:
        self.rest += data
        changed = b""
        while whole := _first(self.rest):
            self.rest = self.rest[len(whole) :]
            changed += self._changed(whole)
        return changed

    def _changed(self, answer: bytes) -> bytes:
        fault = self.server.fault
        if not (self.server.is_ill and self.what.startswith(fault.to)):
            return answer
        if self.is_refused and answer.startswith(self.tag + b" "):
            return self.tag + REFUSAL.replace(b"NO", fault.word)
        uid = UID.search(answer)
        if not (answer.startswith(b"* ") and b" FETCH (" in answer[:40] and uid):
            return answer
        if int(uid[1]) not in self.server.bad:
            return answer
        changed = fault.change(answer)
        self.is_refused = self.is_refused or changed is None
        return changed or b""


def _first(data: bytes) -> bytes:
    """The first whole answer with its literals, b"" where it is not all there yet."""
    end = 0
    while (stop := data.find(b"\r\n", end)) >= 0:
        end = stop + 2
        found = LITERAL.search(data, 0, end)
        if found is None:
            return data[:end]
        end += int(found[1])
    return b""


@contextmanager
def faulty(port: int, fault: Fault, bad: set[int] | None = None) -> Iterator[tuple[Wire, Faulty]]:
    """The server at this port, answering wrongly, and how it is made well again."""
    server = Faulty(fault, bad or {2})
    with wire(port, ears=server.ears) as made:
        yield made, server
