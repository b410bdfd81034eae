"""A system address lies in a domain whose mail comes here, and answers always find their way back."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.cli import check
from firstline.mail import addresses, checks
from firstline.mail.actions.checks import start_own_check
from firstline.mail.models import AgentAddress, Box, BoxCheck, Outcome, OutgoingMail, RawMail
from firstline.people.models import Person
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Department, Message, Ticket
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, letter, post
from tests.signed import published, signed
from tests.web.pages import html

FOREIGN = "support@planina.example"
Settle = Callable[[], None]
SignedIn = Callable[[Person], Client]


@pytest.fixture
def foreign(stage: Cast) -> Department:
    """A department from before: its address lies where no mail of ours goes."""
    Department.objects.filter(pk=stage.hosting.pk).update(address=FOREIGN)
    return Department.objects.get(pk=stage.hosting.pk)


@pytest.mark.parametrize("where", ["new", "change"])
def test_a_public_address_is_refused_with_the_way_out(
    cast: Cast, signed_in: SignedIn, where: str
) -> None:
    client, page = signed_in(cast.administrator), "/settings/departments/"
    page += "new/" if where == "new" else f"{cast.hosting.pk}/"
    typed = {"name_ru": "Ц", "name_bg": "Ц", "name_en": "Prices", "workflow": "service"}
    answer = client.post(page, {**typed, "address": FOREIGN})
    assert answer.status_code == 422
    told = html(answer)
    assert f"Mail to {FOREIGN} does not come to this desk by itself" in told
    assert "enter it under Forwarding addresses" in told
    assert "a system address at desk.example" in told
    assert f'value="{FOREIGN}"' in told
    assert 'value="Prices"' in told
    assert not Department.objects.filter(address=FOREIGN).exists()


def test_answers_to_a_department_from_before_come_here(
    foreign: Department, stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    ticket = open_by(stage.svetlana, foreign)
    reply(actor(stage.anna), ticket, Draft("Is it so?"), via="web")
    settle()
    for mail in sink.to(stage.svetlana.email):
        assert FOREIGN in mail["From"]
        assert mail["Reply-To"] == f"reply+{ticket.reply_token}@desk.example"
    to = sink.to(stage.svetlana.email)[-1]["Reply-To"]
    post(smtp, letter(stage.svetlana.email, to, "Hm", "It is so."), stage.svetlana.email, to)
    settle()
    assert Message.objects.filter(ticket=ticket, text__contains="It is so.").exists()
    assert Ticket.objects.count() == 1
    assert addresses.is_ours(to)
    assert addresses.ours([addresses.bare(to)]) == {"reply@desk.example"}


def test_so_do_the_answers_of_its_agents(
    foreign: Department, stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    ticket = open_by(stage.svetlana, foreign)
    claim(actor(stage.anna), ticket, via="web")
    reply(actor(stage.svetlana), ticket, Draft("And?"), via="portal")
    settle()
    to = sink.to(stage.anna.email)[-1]["Reply-To"]
    assert to == f"reply+{AgentAddress.objects.get().token}@desk.example"
    with published("desk.example"):
        mail = signed(letter(stage.anna.email, to, "Re", "Soon."), "desk.example")
        post(smtp, mail, stage.anna.email, to)
        settle()
    assert Message.objects.filter(ticket=ticket, kind="out", text__contains="Soon.").exists()


@pytest.mark.parametrize("to", ["reply@desk.example", f"reply+{'0' * 32}@desk.example"])
def test_what_comes_to_no_ticket_there_opens_none(
    foreign: Department, stage: Cast, smtp: int, settle: Settle, to: str
) -> None:
    post(smtp, letter("a@x.example", to, "Hi", "Hm"), "a@x.example", to)
    settle()
    assert RawMail.objects.get().outcome == Outcome.NOT_UNDERSTOOD
    assert not Ticket.objects.exists()


def test_every_mail_has_a_reply_address_that_leads_here(
    foreign: Department, stage: Cast, settle: Settle, signed_in: SignedIn
) -> None:
    ticket = open_by(stage.svetlana, foreign)
    claim(actor(stage.anna), ticket, via="web")
    reply(actor(stage.svetlana), ticket, Draft("And?"), via="portal")
    Box.objects.create(address="help@planina.example", department=foreign)
    signed_in(stage.administrator).post(f"/settings/departments/{foreign.pk}/checks/")
    Client().post("/password/", {"email": stage.svetlana.email})
    settle()
    assert OutgoingMail.objects.values("kind").distinct().count() == 4
    domains = {mail.reply_to.rpartition("@")[2] for mail in OutgoingMail.objects.all()}
    assert domains == {"desk.example"}


def test_the_administrator_is_told(
    foreign: Department, stage: Cast, signed_in: SignedIn, capsys: pytest.CaptureFixture[str]
) -> None:
    client = signed_in(stage.administrator)
    page = html(client.get(f"/settings/departments/{foreign.pk}/"))
    assert f"Mail to {FOREIGN} does not come here by itself." in page
    assert "The system address does not lead here" in html(client.get("/settings/departments/"))
    other = html(client.get(f"/settings/departments/{stage.equipment.pk}/"))
    assert "does not come here" not in other
    assert check.command(None) == 1  # type: ignore[arg-type]  # it has no options
    [line] = [one for one in capsys.readouterr().out.splitlines() if "departments" in one]
    assert line.startswith("FAILED")
    assert FOREIGN in line
    typed = {f"name_{code}": name for code, name in foreign.names.items()}
    saved = client.post(
        f"/settings/departments/{foreign.pk}/",
        {**typed, "workflow": "service", "address": "hosting@desk.example"},
    )
    assert saved.status_code == 302
    assert Box.objects.get().address == FOREIGN
    check.command(None)  # type: ignore[arg-type]
    assert "ok      departments: 2 with an address that leads here" in capsys.readouterr().out


def test_a_missing_signature_is_told(
    stage: Cast, signed_in: SignedIn, capsys: pytest.CaptureFixture[str]
) -> None:
    Department.objects.filter(pk=stage.hosting.pk).update(signatures={"en": "Us", "ru": "Мы"})
    client = signed_in(stage.administrator)
    page = html(client.get(f"/settings/departments/{stage.hosting.pk}/"))
    assert "The signature is missing in: Bulgarian." in page
    assert "A signature is missing" in html(client.get("/settings/departments/"))
    check.command(None)  # type: ignore[arg-type]
    assert "signatures: missing: Hosting in bg" in capsys.readouterr().out
    Department.objects.filter(pk=stage.hosting.pk).update(signatures={})
    page = html(client.get(f"/settings/departments/{stage.hosting.pk}/"))
    assert "The signature is missing" not in page  # the name of the desk stands below them all


def test_a_system_address_is_checked_as_answers_come_to_it(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, signed_in: SignedIn
) -> None:
    client, page = signed_in(stage.administrator), f"/settings/departments/{stage.hosting.pk}/"
    answer = client.post(f"{page}checks/", follow=True)
    assert "The mail to" in html(answer) or "is being sent" in html(answer)
    settle()
    [raw], [(_sender, [to])] = sink.raw, sink.envelopes
    assert addresses.TOKEN.match(to.partition("@")[0])
    assert addresses.bare(to) == stage.hosting.address
    found = BoxCheck.objects.get()
    assert checks.states_of([found])[found.pk] == "waiting"
    post(smtp, raw, "firstline@desk.example", to)
    settle()
    found.refresh_from_db()
    assert checks.states_of([found])[found.pk] == "fine"
    assert Ticket.objects.count() == 0
    shown = client.get(f"{page}checks/{found.pk}/", headers={"HX-Request": "true"})
    assert f"It arrived at {to}" in html(shown)
    assert "Works" in html(client.get(page))


def test_the_check_of_a_foreign_address_never_arrives(
    foreign: Department, stage: Cast, sink: Sink, settle: Settle
) -> None:
    found = start_own_check(actor(stage.administrator), foreign, via="web")
    settle()
    assert sink.envelopes[0][1] == [FOREIGN]
    assert checks.states_of([found])[found.pk] == "waiting"
    assert start_own_check(actor(stage.administrator), foreign, via="web") == found
