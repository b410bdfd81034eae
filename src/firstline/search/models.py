"""What is searched: one row per ticket, in a table that each engine makes in its own way."""

from django.db import models

from firstline.tickets.models import Ticket


class Document(models.Model):
    """The words of a ticket: those that its customer may read, and those for staff only.

    The table is a full-text index (search/migrations/0001_initial.py); only search/engines/ write
    it. SQLite calls the key of such a table `rowid`, and so do we.
    """

    ticket = models.OneToOneField(
        Ticket, primary_key=True, db_column="rowid", on_delete=models.CASCADE, related_name="+"
    )
    public = models.TextField()
    internal = models.TextField()

    def __str__(self) -> str:
        return f"words of ticket {self.ticket_id}"
