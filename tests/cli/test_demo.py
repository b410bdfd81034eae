"""The demo desk, loaded whole: each ticket ends as the story says, and nobody is mailed."""

import json
from collections import Counter

from django.contrib.auth import authenticate

from firstline.cli.demo.load import FOLDER, Story
from firstline.events.models import Event, Reaction
from firstline.mail.models import OutgoingMail
from firstline.people.access import actor_of
from firstline.people.models import Person
from firstline.tickets import partners
from firstline.tickets.models import Ticket


def test_the_story_is_told_as_it_is_written(db: None) -> None:
    sign_ins = Story("demo password").load(lambda line: None)
    told = [
        one
        for path in FOLDER.glob("tickets-*.json")
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]
    tickets = Ticket.objects.filter(alert=None)
    assert tickets.count() == len(told)
    wanted = Counter(one["status"].replace("_", "-") for one in told)
    assert Counter(tickets.values_list("status__key", flat=True)) == wanted
    alerts = json.loads((FOLDER / "alerts.json").read_text(encoding="utf-8"))
    assert set(Ticket.objects.exclude(alert=None).values_list("subject", "alert__type")) == {
        (one["title"], one["type"]) for one in alerts
    }
    given = {one["subject"] for one in told if "handed_over" in one}
    handed_over = Event.objects.filter(kind="ticket.handed_over").values("subject_id")
    assert set(tickets.filter(pk__in=handed_over).values_list("subject", flat=True)) == given
    held = tickets.filter(custody="partner")
    assert held.filter(is_open=1).count() >= 4
    assert not held.filter(responsible__partner=None).exclude(responsible=None).exists()
    assert not tickets.filter(partner__own_first_line=False, custody="partner").exists()
    administrator = actor_of(Person.objects.get(email=sign_ins[0][0]))
    desks = partners.desks(administrator)[0]
    assert {desk.partner.name: desk.silent > 0 for desk in desks} == {
        "Дунав Софт": True,
        "Северный контур": False,
    }
    assert (OutgoingMail.objects.count(), Reaction.objects.count()) == (0, 0)
    languages = {
        what.rsplit(", ", 1)[1] for _email, what in sign_ins if what.startswith("customer")
    }
    assert languages == {"ru", "bg", "en"}
    for email, _what in sign_ins:
        assert authenticate(email=email, password="demo password") is not None
