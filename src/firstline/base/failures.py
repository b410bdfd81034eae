"""Why something of ours did not work, in the reader's words; never the text of an exception.

What happened is kept in English, and in full in the log. Rows of former versions hold exceptions as
Python writes them: those are told from the words of servers and people here.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

GAVE_UP = "gave up: each attempt ended without an answer"
INTERNAL = "an error of the desk itself"
SENTENCES: dict[str, Promise] = {
    GAVE_UP: gettext_lazy("each attempt ended without an answer"),
    INTERNAL: gettext_lazy("something went wrong in this desk; its log says what"),
}
# OperationalError('database is locked'), <SomeError: …>, [Errno 111], (_ssl.c:1006), a traceback.
EXCEPTION = re.compile(
    r"\A(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning|Exist|Refused)\b\s*[(:]"
    r"|\A<?class |\bTraceback \(most|\[Errno -?\d+\]|\(_ssl\.c:\d+\)|\A\[SSL\b"
)


def is_exception(problem: str) -> bool:
    """Whether this is what Python says, and nothing for people."""
    return bool(EXCEPTION.search(problem))


def told(problem: str) -> str:
    """What is kept of a failure, for people; what is not ours to translate as it is."""
    if problem in SENTENCES:
        return str(SENTENCES[problem])
    return str(SENTENCES[INTERNAL]) if is_exception(problem) else problem
