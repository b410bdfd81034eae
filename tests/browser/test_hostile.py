"""C18, C20-C22, C26: hostile words in every field that somebody can write, on every page and in every mail."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from firstline.mail.models import OutgoingMail
from firstline.people.models import Company, Person, Portal, Project, Registration
from firstline.records.models import Contract, Equipment, ServiceObject
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.rate import rate
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Alert, Ticket, TicketType, TypeField, WebForm
from tests.browser.stories import sign_in
from tests.cast import Cast, actor, open_by

PAYLOAD = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>{{7*7}}{% now "Y" %}'
HEADER = "\r\nBcc: evil@elsewhere.example\r\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="window.hit=1"><script>window.hit=1</script></svg>'
SECTIONS = {
    "svetlana": [
        "/portal/", "/portal/?state=all", "/portal/?q=%22%3E%3Cscript%3Ewindow.hit%3D1%3C%2Fscript%3E",
        "/portal/projects/", "/portal/tickets/new/", "/settings/profile/", "/settings/sessions/",
    ],
    "anna": [
        "/desk/", "/tickets/", "/customers/", "/customers/invitations/", "/customers/registrations/",
    ],
    "administrator": ["/settings/portals/", "/settings/forms/"],
}  # fmt: skip


@pytest.fixture
def everywhere(stage: Cast) -> list[Ticket]:
    """Tickets, an alert and a registration with the payload in all that can be written."""
    Person.objects.update(name=PAYLOAD, phone=PAYLOAD[:40])
    Company.objects.update(name=PAYLOAD)
    Contract.objects.update(number=PAYLOAD[:60], title=PAYLOAD, covers=PAYLOAD)
    ServiceObject.objects.update(name=PAYLOAD, address=PAYLOAD)
    Equipment.objects.update(model=PAYLOAD, serial=PAYLOAD)
    Project.objects.update(name=PAYLOAD)
    names = {"ru": PAYLOAD, "bg": PAYLOAD, "en": PAYLOAD}
    Portal.objects.update(name=PAYLOAD[:100], contacts=names)
    kind = TicketType.objects.create(names=names)
    TypeField.objects.create(type=kind, key="what", names=names)
    WebForm.objects.create(key="formkey", names=names, intros=names, department=stage.hosting)
    owner = actor(stage.svetlana)
    ticket = open_by(
        Person.objects.get(pk=stage.svetlana.pk), stage.hosting, PAYLOAD + HEADER, PAYLOAD,
        files=[Enclosure('x" onload="window.hit=1.svg', SVG), Enclosure("a\u202egpj.html", SVG)],
        type=kind, details={"what": PAYLOAD}, contract_text=PAYLOAD[:60],
        object=stage.site, equipment=stage.machine, project=stage.project,
        callback_name=PAYLOAD, callback_phone="+359 2 000 000",
    )  # fmt: skip
    reply(actor(stage.anna), ticket, Draft(text=PAYLOAD + HEADER), via="web")
    rate(owner, ticket, True, Draft(text=PAYLOAD), via="portal")
    told = alert(
        actor(stage.anna), stage.project, Alert.Type.COMPLAINT, PAYLOAD, Draft(text=PAYLOAD), via="web"
    )  # fmt: skip
    Registration.objects.create(
        email="x@elsewhere.example", name=PAYLOAD, phone=PAYLOAD[:40], company_name=PAYLOAD,
        contract_number=PAYLOAD[:60], language="en",
    )  # fmt: skip
    return [ticket, told]


def test_nothing_written_by_anybody_runs(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    everywhere: list[Ticket],
    settle: Callable[[], None],
) -> None:
    settle()
    page.on("dialog", lambda dialog: pytest.fail(f"a window opened: {dialog.message}"))
    for who, paths in SECTIONS.items():
        person = getattr(stage, who)
        page.context.clear_cookies()
        sign_in(page, live_server.url, person)
        part = "portal/tickets" if person.level is None else "tickets"
        tickets = [f"/{part}/{ticket.number}/" for ticket in everywhere]
        for path in [*paths, *tickets]:
            answer = page.goto(live_server.url + path)
            assert answer is not None
            assert answer.ok, path
            is_inert(page, path)
    page.goto(f"{live_server.url}/forms/formkey/")
    is_inert(page, "the form")


def test_nothing_runs_in_the_mails(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    everywhere: list[Ticket],
    settle: Callable[[], None],
) -> None:
    settle()
    mails = list(OutgoingMail.objects.all())
    assert {mail.kind for mail in mails} >= {"answered", "received"}
    for mail in mails:
        one_line = (mail.subject, mail.sender_name, mail.recipient_name, mail.reply_to)
        assert all("\n" not in text and "\r" not in text for text in one_line)
        page.set_content(mail.html)
        is_inert(page, f"{mail.kind} to {mail.recipient}")


def is_inert(page: Page, where: str) -> None:
    """Nothing ran, nothing was made into an element, and templates stayed letters."""
    assert page.evaluate("window.hit") is None, where
    assert page.locator("img[src=x]").count() == 0, where
    assert page.locator("[onerror], [onload]").count() == 0, where
    assert '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>49' not in (
        page.inner_text("body")
    ), where
