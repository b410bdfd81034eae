"""A mailbox whose administrator signs in at the provider: from then on its mail is taken in."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail.models import Mailbox
from firstline.people.models import Person
from tests import dovecot as imap
from tests.cast import Cast
from tests.mail.imap.conftest import mail, subjects, taken
from tests.provider import Provider, oauth_provider
from tests.waiting import wait_until
from tests.web.pages import html
from tests.web.settings.test_mailbox_sign_ins import (
    BACK,
    BOXES,
    SECRET,
    joined,
    sent_off,
    typed,
    way_back,
)


@pytest.fixture
def provider(allowed: None) -> Iterator[Provider]:
    """A provider on this machine."""
    with oauth_provider() as made:
        made.secret = SECRET
        yield made


def test_a_new_mailbox_is_signed_in_and_read(
    stage: Cast,
    signed_in: Callable[[Person], Client],
    provider: Provider,
    reading: Callable[[], AbstractContextManager[Any]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    admin = signed_in(stage.administrator)
    with imap.server(introspection=provider.token_url) as server:
        server.put(mail("old"))
        fields = typed(stage, provider, server.port)
        box = joined(admin, fields)
        assert (box.is_active, box.read_at) == (False, None)
        page = html(admin.get(f"{BOXES}{box.pk}/"))
        assert "Saved. One step is left" in page
        assert f'value="http://testserver{BACK}"' in page
        assert SECRET not in page
        with reading():
            back = way_back(sent_off(admin, box, fields | {"client_secret": ""}))
            answer = admin.get(back)
            assert answer["Location"] == f"{BOXES}{box.pk}/"
            assert "Signed in. help@orbita.example is read" in html(admin.get(answer["Location"]))
            server.put(mail("new"))
            wait_until(taken(1))
        provider.valid = "taken-back"
        with reading():
            wait_until(lambda: Mailbox.objects.get().problem == "token: invalid_grant")
            assert "Sign in again</a>" in html(admin.get(BOXES))
            server.put(mail("meanwhile"))
            provider.valid = "rt-7"
            admin.get(way_back(sent_off(admin, box, fields)))
            wait_until(taken(2))
    assert subjects() == ["Mail new", "Mail meanwhile"]
    asked = provider.asked[0]
    assert (asked["scope"], asked["login_hint"], asked["tenant"]) == ("imap", box.user, "orbita")
    assert "prompt" not in asked
    told = json.dumps(list(Event.objects.values_list("kind", "data"))) + caplog.text
    assert '"mailbox.signed_in"' in told
    for word in (SECRET, "at-1", "rt-", "code-", asked["state"]):
        assert word not in told
        assert word not in Mailbox.objects.get().secret
