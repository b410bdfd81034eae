"""Mail to the postmaster is taken, and people see it (RFC 5321, 4.5.1)."""

import smtplib
from collections.abc import Callable

import pytest
from django.test import Client

from firstline.mail.models import RawMail
from firstline.people.models import Person
from tests.cast import Cast
from tests.doors import Sink, letter, post
from tests.web.pages import html


@pytest.mark.parametrize("to", ["postmaster", "Postmaster@desk.example", "postmaster@DESK.example"])
def test_mail_to_the_postmaster_is_kept_for_staff(
    stage: Cast,
    smtp: int,
    settle: Callable[[], None],
    signed_in: Callable[[Person], Client],
    sink: Sink,
    to: str,
) -> None:
    mail = letter("abuse@other.example", "postmaster@desk.example", "Your mail loops", "Look.")
    post(smtp, mail, "abuse@other.example", to)
    settle()
    row = RawMail.objects.get()
    assert row.outcome == "not-understood"
    page = html(signed_in(stage.administrator).get("/mail/"))
    assert "Your mail loops" in page
    assert "postmaster" in html(signed_in(stage.administrator).get(f"/mail/{row.pk}/"))
    assert sink.raw == []


def test_the_postmaster_of_elsewhere_is_not_ours(stage: Cast, smtp: int) -> None:
    mail = letter("a@other.example", "postmaster@elsewhere.example", "x", "y")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        post(smtp, mail, "a@other.example", "postmaster@elsewhere.example")
