"""Replies, comments, hidden comments, resolutions and moves through the browser's door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast, open_by, resolve_by
from tests.web.pages import form_of, hidden_fields, html

SignIn = Callable[[Person], Client]
KINDS = {"replies": "out", "comments": "comment", "hidden-comments": "hidden", "resolutions": "out"}


@pytest.mark.parametrize("noun", KINDS)
def test_what_is_said_is_there(
    cast: Cast, signed_in: SignIn, settle: Callable[[], None], noun: str
) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    address = f"/tickets/{ticket.number}/"
    answer = agent.post(f"{address}{noun}/", form_of(agent, address, text="Look at <b>this</b>."))
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    message = Message.objects.get(ticket=ticket, author=cast.anna)
    assert (message.kind, message.text) == (KINDS[noun], "Look at <b>this</b>.")
    assert "Look at &lt;b&gt;this&lt;/b&gt;." in agent.get(address).content.decode()
    settle()
    mailed = OutgoingMail.objects.filter(kind="answered").count()
    assert mailed == (0 if noun == "hidden-comments" else 1)
    ticket.refresh_from_db()
    assert ticket.phase == {"replies": "open", "resolutions": "resolved"}.get(noun, "new")


@pytest.mark.parametrize("noun", KINDS)
@pytest.mark.parametrize("is_htmx", [False, True])
def test_an_empty_text_is_refused(cast: Cast, signed_in: SignIn, noun: str, is_htmx: bool) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    headers = {"HX-Request": "true"} if is_htmx else {}
    answer = agent.post(f"/tickets/{ticket.number}/{noun}/", {"text": "  "}, headers=headers)
    assert answer.status_code == 422
    assert "Write a text." in html(answer)
    assert ("<html" in html(answer)) is not is_htmx
    assert ticket.messages.count() == 1


def test_an_oversize_file_is_refused_and_the_text_survives(
    cast: Cast, signed_in: SignIn, settings: Any
) -> None:
    settings.FILE_LIMIT = 1000
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    files = [SimpleUploadedFile("small.txt", b"x"), SimpleUploadedFile("big.log", b"x" * 2000)]
    answer = agent.post(
        f"/tickets/{ticket.number}/replies/", {"text": "My long answer", "files": files}
    )
    assert answer.status_code == 422
    assert "big.log" in html(answer)
    assert "My long answer" in html(answer)
    assert ticket.messages.count() == 1


def test_files_come_back_whole_and_harmless(cast: Cast, signed_in: SignIn) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    hostile = b"<html><script>alert(1)</script></html>"
    files = [SimpleUploadedFile("../страница.html", hostile), SimpleUploadedFile("a.log", b"line")]
    agent.post(f"/tickets/{ticket.number}/replies/", {"text": "See files", "files": files})
    page = html(agent.get(f"/tickets/{ticket.number}/"))
    assert "страница.html" in page
    links = [part.split('"')[0] for part in page.split('class="file" href="')[1:]]
    answers = [agent.get(link) for link in links]
    bodies = [b"".join(answer.streaming_content) for answer in answers]  # type: ignore[attr-defined]
    assert sorted(bodies) == sorted([hostile, b"line"])
    for answer in answers:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        answer.close()


def test_a_double_press_says_it_once(cast: Cast, signed_in: SignIn) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    form = form_of(agent, f"/tickets/{ticket.number}/", text="Once is enough.")
    for _press in range(2):
        assert agent.post(f"/tickets/{ticket.number}/replies/", form).status_code == 302
    assert Message.objects.filter(text="Once is enough.").count() == 1


def test_an_ended_session_keeps_what_was_typed(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    answer = Client().post(f"/tickets/{ticket.number}/replies/", {"text": "Typed for an hour"})
    assert answer.status_code == 401
    assert "Typed for an hour" in html(answer)
    assert ticket.messages.count() == 1


def test_an_expired_form_keeps_what_was_typed(cast: Cast) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), Client(enforce_csrf_checks=True)
    agent.force_login(cast.anna)
    answer = agent.post(f"/tickets/{ticket.number}/replies/", {"text": "Typed for an hour"})
    assert answer.status_code == 403
    page = html(answer)
    assert "Typed for an hour" in page
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = agent.post(
        f"/tickets/{ticket.number}/replies/",
        {"text": "Typed for an hour", "csrfmiddlewaretoken": token},
    )
    assert again.status_code == 302
    assert ticket.messages.count() == 2


def test_a_forbidden_move_says_what_is_possible(cast: Cast, signed_in: SignIn) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    answer = agent.post(f"/tickets/{ticket.number}/moves/", {"status": "closed"})
    assert answer.status_code == 409
    assert "Open, In progress, Needs clarification, Resolved" in html(answer)
    later = agent.post(f"/tickets/{ticket.number}/moves/", {"status": "needs-clarification"})
    assert later.status_code == 422
    assert Ticket.objects.get().status.key == "new"


def test_a_closed_ticket_takes_hidden_comments_only(cast: Cast, signed_in: SignIn) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    agent.post(f"/tickets/{ticket.number}/resolutions/", {"text": "It works again."})
    agent.post(f"/tickets/{ticket.number}/moves/", {"status": "closed"})
    answer = agent.post(f"/tickets/{ticket.number}/replies/", {"text": "Too late"})
    assert answer.status_code == 409
    assert "Too late" in html(answer)
    assert (
        agent.post(f"/tickets/{ticket.number}/hidden-comments/", {"text": "For us"}).status_code
        == 302
    )


def test_the_second_to_claim_is_told_who_was_first(cast: Cast, signed_in: SignIn) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    signed_in(cast.anna).post(f"/tickets/{ticket.number}/claims/")
    late = signed_in(cast.supervisor)
    answer = late.post(f"/tickets/{ticket.number}/claims/")
    assert answer.status_code == 409
    assert cast.anna.name in html(answer)
    assert late.post(f"/tickets/{ticket.number}/claims/", {"take_over": "1"}).status_code == 302


def test_a_mail_s_html_is_shown_in_a_frame_that_does_nothing(cast: Cast, signed_in: SignIn) -> None:
    from firstline.people.access import as_customer
    from firstline.tickets.actions.open import Fields, open_ticket
    from firstline.tickets.messages import Draft

    html_text = '<p onclick="x()">Hi<script>alert(1)</script><img src="http://t.example/p.png"></p>'
    fields = Fields(subject="Mail", department=cast.hosting, requester=cast.svetlana)
    ticket = open_ticket(
        as_customer(cast.svetlana), fields, Draft(text="Hi", html=html_text), via="mail"
    )
    agent, message = signed_in(cast.anna), ticket.messages.get()
    letter = agent.get(f"/tickets/{ticket.number}/messages/{message.pk}/letter/")
    policy = letter.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in letter.text.lower()
    assert "onclick" not in letter.text
    assert ' src="http' not in letter.text
    assert 'sandbox="' in agent.get(f"/tickets/{ticket.number}/").text
    assert (
        signed_in(cast.boris)
        .get(f"/tickets/{ticket.number}/messages/{message.pk}/letter/")
        .status_code
        == 404
    )


def test_everything_said_and_moved_is_in_the_history(cast: Cast, signed_in: SignIn) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    agent.post(f"/tickets/{ticket.number}/claims/")
    agent.post(f"/tickets/{ticket.number}/moves/", {"status": "in-progress"})
    kinds = list(Event.objects.filter(subject_id=ticket.pk).values_list("kind", flat=True))
    assert kinds == ["ticket.opened", "ticket.claimed", "ticket.moved", "ticket.moved"]
    page = html(agent.get(f"/tickets/{ticket.number}/"))
    assert "Анна Соколова took the ticket" in page
    assert "Анна Соколова changed the status: Open → In progress" in page


@pytest.mark.parametrize("noun", ["replies", "comments", "resolutions"])
def test_a_text_chosen_as_hidden_never_leaves_by_a_public_door(
    cast: Cast, signed_in: SignIn, noun: str
) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    form = {"text": "Not for the customer", "mode": "hidden"}
    answer = agent.post(f"/tickets/{ticket.number}/{noun}/", form)
    assert answer.status_code == 409
    assert "Not for the customer" in html(answer)
    assert ticket.messages.count() == 1


@pytest.mark.parametrize(
    ("noun", "mode"), [("replies", "reply"), ("comments", "comment"), ("resolutions", "resolve")]
)
def test_a_text_typed_as_hidden_is_asked_about_once(
    cast: Cast, signed_in: SignIn, noun: str, mode: str
) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    form = {"text": "They do not pay", "mode": mode, "was_hidden": "1"}
    answer = agent.post(f"/tickets/{ticket.number}/{noun}/", form)
    page = html(answer)
    assert answer.status_code == 409
    assert "This text was typed as a hidden comment." in page
    assert "svetlana@orbita.example gets it" in page
    assert ticket.messages.count() == 1
    again = {**hidden_fields(answer), **form}
    other = {**again, "text": "They never pay"}
    second = agent.post(f"/tickets/{ticket.number}/{noun}/", other)
    assert second.status_code == 409
    assert "This text was typed as a hidden comment." in html(second)
    assert (
        agent.post(f"/tickets/{ticket.number}/{noun}/", {**again, "public": "1"}).status_code == 409
    )
    assert ticket.messages.count() == 1
    assert agent.post(f"/tickets/{ticket.number}/{noun}/", again).status_code == 302
    assert ticket.messages.count() == 2
    assert agent.post(f"/tickets/{ticket.number}/{noun}/", form).status_code == 409


def test_the_button_says_who_gets_it(cast: Cast, signed_in: SignIn) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    page = html(agent.get(f"/tickets/{ticket.number}/"))
    for words in ("Send to svetlana@orbita.example", "Publish for svetlana@orbita.example"):
        assert words in page
    assert page.count("Save hidden") == 2
    resolved = agent.post(f"/tickets/{ticket.number}/resolutions/", {"text": "It works again."})
    assert resolved.status_code == 302
    assert 'id="resolve"' not in html(agent.get(f"/tickets/{ticket.number}/"))


def test_who_resolves_second_keeps_the_text_and_learns_who_was_faster(
    cast: Cast, signed_in: SignIn
) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    form = form_of(agent, f"/tickets/{ticket.number}/", text="The certificate was renewed.")
    resolve_by(cast.supervisor, ticket)
    answer = agent.post(f"/tickets/{ticket.number}/resolutions/", {**form, "mode": "resolve"})
    page = html(answer)
    assert answer.status_code == 409
    assert "Already resolved by Старшая Смирнова, " in page
    assert "The certificate was renewed.</textarea>" in page
    assert Ticket.objects.get().phase == "resolved"
    assert not Message.objects.filter(text__contains="certificate").exists()
    again = html(agent.get(f"/tickets/{ticket.number}/"))
    assert "The certificate was renewed.</textarea>" in again


def test_on_a_closed_ticket_the_text_is_kept_as_well(cast: Cast, signed_in: SignIn) -> None:
    boxed, agent = open_by(cast.svetlana, cast.equipment), signed_in(cast.boris)
    resolve_by(cast.boris, boxed)
    answer = agent.post(f"/tickets/{boxed.number}/resolutions/", {"text": "Typed for an hour"})
    assert answer.status_code == 409
    assert "Already closed by Борис Белов, " in html(answer)
    assert "Typed for an hour</textarea>" in html(answer)


def test_the_status_resolved_asks_for_the_answer(cast: Cast, signed_in: SignIn) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    page = html(agent.get(f"/tickets/{ticket.number}/"))
    menu = page.split('id="moves"')[1].split("</div>")[0]
    assert 'popovertarget="resolve"' in menu
    assert 'name="status" value="resolved"' not in menu
    answer = agent.post(f"/tickets/{ticket.number}/moves/", {"status": "resolved"})
    assert answer.status_code == 422
    assert "Write the answer: a ticket is resolved with one." in html(answer)
    assert '<dialog open class="dialog dialog--wide dialog--say" id="resolve"' in html(answer)
    assert Ticket.objects.get().phase == "new"
