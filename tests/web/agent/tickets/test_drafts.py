"""Drafts on the desk: there on every device, gone when said, nobody else's (C66)."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.actions.claim import claim
from firstline.tickets.models import KeptDraft
from tests.cast import Cast, actor, open_by
from tests.web.pages import form_of, html

SignIn = Callable[[Person], Client]


def test_a_draft_is_there_on_another_device_and_for_nobody_else(
    cast: Cast, signed_in: SignIn
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    address = f"/tickets/{ticket.number}/"
    answer = signed_in(cast.anna).post(
        f"{address}drafts/", {"mode": "hidden", "text": "Half a thought\nof mine"}
    )
    assert answer.json()["kept_at"]
    claim(actor(cast.supervisor), ticket, via="web")
    page = html(signed_in(cast.anna).get(address))
    assert "Half a thought\nof mine" in page.split('id="text"')[1]
    assert 'value="hidden" data-key="KeyH" checked' in page
    assert 'name="was_hidden" value="1"' in page
    assert "Half a thought" not in html(signed_in(cast.supervisor).get(address))
    signed_in(cast.anna).post(f"{address}drafts/", {"mode": "hidden", "text": " "})
    assert not KeptDraft.objects.exists()


@pytest.mark.parametrize(
    ("mode", "noun"),
    [
        ("reply", "replies"),
        ("hidden", "hidden-comments"),
        ("comment", "comments"),
        ("aside", "hidden-comments"),
        ("resolve", "resolutions"),
    ],
)
@pytest.mark.parametrize("seconds", [0, 10])
def test_what_was_said_is_no_draft_any_more(
    cast: Cast, signed_in: SignIn, settings: object, mode: str, noun: str, seconds: int
) -> None:
    settings.UNDO_SECONDS = seconds  # type: ignore[attr-defined]
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    address = f"/tickets/{ticket.number}/"
    for one in (mode, "resolve" if mode != "resolve" else "comment"):
        agent.post(f"{address}drafts/", {"mode": one, "text": "Typed"})
    form = form_of(agent, address, text="Typed", mode=mode) | {"was_hidden": ""}
    assert agent.post(f"{address}{noun}/", form).status_code == 302
    assert KeptDraft.objects.count() == 1
    assert KeptDraft.objects.get().mode != mode


def test_a_place_has_one_text(cast: Cast, signed_in: SignIn) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    for mode in ("reply", "hidden", "comment"):
        agent.post(f"/tickets/{ticket.number}/drafts/", {"mode": mode, "text": mode})
    assert set(KeptDraft.objects.values_list("mode", flat=True)) == {"hidden", "comment"}


def test_a_refused_text_is_kept(cast: Cast, signed_in: SignIn, settings: object) -> None:
    settings.FILE_LIMIT = 10  # type: ignore[attr-defined]
    from django.core.files.uploadedfile import SimpleUploadedFile

    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    form = {"text": "Long answer", "files": [SimpleUploadedFile("big.log", b"x" * 20)]}
    answer = agent.post(f"/tickets/{ticket.number}/resolutions/", form)
    assert answer.status_code == 422
    assert "Long answer" in html(answer).split('id="resolve-text"')[1]
    assert "Long answer" in html(agent.get(f"/tickets/{ticket.number}/"))


@pytest.mark.parametrize(
    ("who", "mode", "status"),
    [("anna", "nonsense", 404), ("observer", "reply", 403), ("boris", "reply", 404)],
)
def test_refusals(cast: Cast, signed_in: SignIn, who: str, mode: str, status: int) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    agent = signed_in(getattr(cast, who))
    answer = agent.post(f"/tickets/{ticket.number}/drafts/", {"mode": mode, "text": "x"})
    assert answer.status_code == status
    assert not KeptDraft.objects.exists()
