"""What is searched: one row per ticket, in a table that each engine makes in its own way."""

from django.db import models

from firstline.tickets.models import Ticket

# Who reads the words of each: everybody on the ticket; the staff of both lines; of the platform's;
# of the partner's (product 11.2).
COLUMNS = ("public", "between_lines", "platform", "partner")


class Document(models.Model):
    """The words of a ticket, by who may read them.

    The table is a full-text index (search/migrations/0003_lines.py); only search/engines/ write it.
    SQLite calls the key of such a table `rowid`, and so do we.
    """

    ticket = models.OneToOneField(
        Ticket, primary_key=True, db_column="rowid", on_delete=models.CASCADE, related_name="+"
    )
    public = models.TextField()
    between_lines = models.TextField()
    platform = models.TextField()
    partner = models.TextField()

    def __str__(self) -> str:
        return f"words of ticket {self.ticket_id}"


class Rebuild(models.Model):
    """The documents that an earlier version wrote in its own way: those of the tickets below this id.

    There is a row for as long as there are any; a migration adds it.
    """

    below = models.BigIntegerField()

    def __str__(self) -> str:
        return f"rebuild below ticket {self.below}"
