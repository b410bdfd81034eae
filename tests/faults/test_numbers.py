"""Ticket numbers under parallel creation: never twice, none missing, no error (C68)."""

import os
import subprocess
import sys

from firstline.tickets.models import Numbering, Ticket
from tests.cast import make_cast
from tests.faults.conftest import Start

PROCESSES, EACH = 8, 200
PROGRAM = """
import sys, django
django.setup()
from firstline.people.access import as_customer
from firstline.people.models import Person
from firstline.tickets.actions.open import Fields, open_ticket
from firstline.tickets.messages import Draft
from firstline.tickets.models import Department
person = Person.objects.get(email="svetlana@orbita.example")
desk = Department.objects.get(address="hosting@desk.example")
fields = Fields(subject="At once", department=desk, requester=person)
for number in range(int(sys.argv[1])):
    open_ticket(as_customer(person), fields, Draft(text=f"Ticket {number}"), via="mail")
"""


def test_eight_processes_open_two_hundred_tickets_each(start: Start) -> None:
    make_cast()
    command = [sys.executable, "-c", PROGRAM, str(EACH)]
    environment = os.environ | start.environment
    running = [
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) for _ in range(PROCESSES)
    ]
    errors = [process.communicate(timeout=300)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0] * PROCESSES, errors
    numbers = set(Ticket.objects.values_list("number", flat=True))
    assert len(numbers) == PROCESSES * EACH
    assert Numbering.objects.get().last == PROCESSES * EACH
