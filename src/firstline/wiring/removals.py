"""Whose rows go before those of a ticket that is deleted, in the same transaction, on one page.

Reactions come after the commit, when nothing may point to the ticket any more; what stands here is
called by `tickets.actions.delete` (docs/decisions/014-deleting-a-ticket.md).
"""

from firstline.mail import deletions
from firstline.tickets.actions.delete import Removal

REMOVALS: tuple[Removal, ...] = (deletions.let_go,)
