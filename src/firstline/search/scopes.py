"""Whose a ticket is, in the index: words that no text can hold, as those of numbers.

With the word of a person, company or project the index itself finds what is theirs. Otherwise a
search in the ten thousand tickets of one company would walk through all that others have written.
"""

from firstline.search.numbers import WHOLE
from firstline.tickets.models import Ticket
from firstline.tickets.pages import Scope

MARK = f"{WHOLE}_"  # numbers hold no underscore, so none begins like this


def word(scope: Scope) -> str:
    """The word that all tickets of a scope hold: ___company17."""
    return f"{MARK}{scope.column}{scope.value}"


def words_of(ticket: Ticket) -> list[str]:
    """The words by which the scopes of this ticket find it."""
    values = {
        "requester": ticket.requester_id,
        "company": ticket.company_id,
        "project": ticket.project_id,
    }
    return [word(Scope(column, value)) for column, value in values.items() if value is not None]
