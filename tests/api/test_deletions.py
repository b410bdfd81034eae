"""DELETE of a ticket by the API."""

from collections.abc import Callable

from firstline.events.models import Event
from firstline.mail.inbound.take import take
from firstline.tickets.models import Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, open_by

Client = Callable[..., Api]


def test_it_is_gone_for_everybody(cast: Cast, api: Client) -> None:
    one = open_by(cast.svetlana, cast.hosting)
    boss, address = api(cast.administrator), f"tickets/{one.number}"
    gone = boss.delete(f"{address}?why=A%20test")
    assert (gone.status_code, gone.content) == (204, b"")
    problem(boss.delete(address), 404)
    for person in (cast.svetlana, cast.anna, cast.administrator):
        for noun in ("", "/timeline", "/files"):
            problem(api(person).get(f"{address}{noun}"), 404)
        assert api(person).get("tickets").json()["items"] == []
    event = Event.objects.get(kind="ticket.deleted")
    assert (event.via, event.data) == ("api", {"number": one.number, "why": "A test"})


def test_what_is_wrong_changes_nothing(
    cast: Cast, api: Client, everything: Callable[[], object]
) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    boss = api(cast.administrator)
    boss.post(f"tickets/{one.number}/merges", {"into": two.number})
    weak = api(cast.administrator, "tickets:ticket:view", "tickets:department:all")
    head = api(cast.supervisor)
    before = everything()
    told = problem(boss.delete(f"tickets/{two.number}"), 409)
    assert (told["type"], told["numbers"]) == ("urn:firstline:problem:merged", [one.number])
    assert fields(boss.delete(f"tickets/{one.number}?reason=x")) == {"reason"}
    assert fields(boss.delete(f"tickets/{one.number}?why={'x' * 301}")) == {"why"}
    problem(weak.delete(f"tickets/{one.number}"), 403)
    problem(head.delete(f"tickets/{one.number}"), 403)
    assert everything() == before


def test_its_mail_is_listed_for_who_may_delete(
    cast: Cast, api: Client, settle: Callable[[], None]
) -> None:
    raw = b"From: a@b.example\r\nSubject: Hi\r\n\r\nHello\r\n"
    [mail] = take(raw, sender="", recipients=[cast.hosting.address], source="smtp")
    settle()
    boss, anna = api(cast.administrator), api(cast.anna)
    boss.delete(f"tickets/{Ticket.objects.get().number}")
    [item] = boss.get("mails").json()["items"]
    assert (item["id"], item["outcome"], item["ticket"]) == (mail.pk, "deleted", None)
    assert anna.get("mails").json()["items"] == []
    problem(anna.get(f"mails/{mail.pk}"), 404)
    assert boss.post(f"mails/{mail.pk}/retries").status_code == 201
    settle()
    assert Ticket.objects.get().subject == "Hi"
