"""Subjects without what mail programs and help desks add to them."""

import re

# What programs write before the subject of an answer or of what is passed on, in the languages whose
# programs are met here; some count the answers: Re[2]:, Re^3:.
PREFIX = re.compile(
    r"(?:re|r|aw|antw|sv|vs|odp|rif|res|rv|enc|fwd?|wg|tr|vb|pd|doorst|betr"
    r"|на|отв|ответ|пересл|отг|отговор|препр|препратено|re:fwd)"
    r"\s{0,3}(?:\[\d{1,3}\]|\^\d{1,3}|\(\d{1,3}\))?\s{0,3}[:\uff1a]\s*",
    re.IGNORECASE,
)
# A ticket number, as help desks put it before or behind: [SR00000291], (#291), [Ticket#2026112].
NUMBER = re.compile(
    r"[\[(]\s{0,3}[^\[\]()\s]{0,20}?[#\u2116]?[\w.-]{0,30}\d[\w.-]{0,20}\s{0,3}[\])]"
)
MOST = 10


def base(subject: str) -> str:
    """The subject that a conversation has in common, for comparing (RFC 5256, 2.1, in its idea).

    Without the prefixes of answers, ticket numbers in brackets, case and repeated white space.
    """
    text = " ".join(subject[:1000].split())
    for _count in range(MOST):
        shorter = PREFIX.sub("", text, count=1) if PREFIX.match(text) else text
        shorter = NUMBER.sub("", shorter).strip(" -\u2013\u2014")
        if shorter == text:
            break
        text = shorter
    return " ".join(text.split()).casefold()


def is_another(subject: str, known: str) -> bool:
    """Whether a subject says something else than the known one does; one that is cut does not."""
    new, old = base(subject), base(known)
    return bool(new) and new != old and not (len(new) >= 20 and old.startswith(new))
