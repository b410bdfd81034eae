"""Who hears of a ticket by mail: its contact, and everybody of their side who wrote in it."""

from collections.abc import Callable

from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by

Settle = Callable[[], None]


def shared(cast: Cast) -> Ticket:
    """A ticket of Svetlana's, in which Pyotr of the project and Vera of the company wrote."""
    ticket = open_by(cast.svetlana, cast.hosting, project=cast.project, company=cast.orbita)
    for person in (cast.pyotr, cast.vera, cast.pyotr):
        reply(actor(person), ticket, Draft("I see it too"), via="portal")
    return ticket


def told(kind: str, settle: Settle) -> list[str]:
    """The addresses that got a letter of this kind, in order."""
    settle()
    mails = OutgoingMail.objects.filter(kind=kind)
    return sorted(mails.values_list("recipient", flat=True))


def addresses(*people: Person) -> list[str]:
    return sorted(person.email for person in people)


def test_an_answer_goes_to_everybody_who_wrote_each_in_their_language(
    cast: Cast, settle: Settle
) -> None:
    ticket = shared(cast)
    assert told("answered", settle) == []
    Person.objects.filter(pk=cast.pyotr.pk).update(language="bg")
    reply(actor(cast.anna), ticket, Draft("It works again"), via="web")
    assert told("answered", settle) == addresses(cast.svetlana, cast.pyotr, cast.vera)
    mail = OutgoingMail.objects.get(kind="answered", recipient=cast.pyotr.email)
    assert '<html lang="bg">' in mail.html
    assert cast.svetlana.email not in mail.text + mail.html


def test_a_new_status_goes_to_them_as_they_wish(cast: Cast, settle: Settle) -> None:
    ticket = shared(cast)
    Person.objects.filter(pk=cast.vera.pk).update(wants_status=False)
    move(actor(cast.anna), ticket, "in-progress", via="web")
    assert told("moved", settle) == addresses(cast.svetlana, cast.pyotr)


def test_who_only_reads_along_hears_nothing(cast: Cast, settle: Settle) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, project=cast.project, company=cast.orbita)
    reply(actor(cast.pyotr), ticket, Draft("I am away"), via="mail", automatic=True)
    reply(actor(cast.anna), ticket, Draft("It works again"), via="web")
    assert told("answered", settle) == addresses(cast.svetlana)


def test_who_sees_the_ticket_no_longer_hears_no_more(cast: Cast, settle: Settle) -> None:
    ticket = shared(cast)
    cast.project.members.remove(cast.pyotr)
    Person.objects.filter(pk=cast.vera.pk).update(is_active=False)
    reply(actor(cast.anna), ticket, Draft("It works again"), via="web")
    assert told("answered", settle) == addresses(cast.svetlana)


def test_a_held_mail_makes_nobody_take_part(cast: Cast, settle: Settle) -> None:
    ticket = shared(cast)
    ticket.messages.filter(author=cast.vera).update(is_foreign=True)
    reply(actor(cast.anna), ticket, Draft("It works again"), via="web")
    assert told("answered", settle) == addresses(cast.svetlana, cast.pyotr)


def test_the_status_of_an_alert_promises_no_news(cast: Cast, settle: Settle) -> None:
    one = alert(actor(cast.anna), cast.project, "information", "T", Draft("Told"), via="web")
    reply(actor(cast.vera), one, Draft("Who did that?"), via="portal")
    move(actor(cast.anna), one, "in-progress", via="web")
    assert set(addresses(cast.svetlana, cast.pyotr, cast.vera)) <= set(told("moved", settle))
    for mail in OutgoingMail.objects.filter(kind="moved"):
        assert "as soon as there is news" not in mail.text + mail.html
