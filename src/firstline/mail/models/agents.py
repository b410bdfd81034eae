"""Where an agent answers to what the desk told them of a ticket."""

import secrets

from django.db import models

from firstline.people.models import Person
from firstline.tickets.models import Ticket


def new_token() -> str:
    """128 bits that nobody guesses."""
    return secrets.token_hex(16)


class AgentAddress(models.Model):
    """An address of one agent for one ticket. What comes to it may be theirs, if it is proven to be."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=32, unique=True, default=new_token)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "ticket"), name="agent_address_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} on {self.ticket_id}"
