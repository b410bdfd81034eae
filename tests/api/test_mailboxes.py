"""Mailboxes by the API: one that waits for somebody to sign in at its provider."""

from collections.abc import Callable

from firstline.mail.inbound.imap.account import account_of
from firstline.mail.models import Mailbox
from tests.api.client import Api, fields
from tests.cast import Cast


def test_a_mailbox_waits_for_the_sign_in(cast: Cast, api: Callable[..., Api]) -> None:
    admin = api(cast.administrator, Accept_Language="en")
    body = {"address": "help@orbita.example", "department": cast.hosting.address}
    body |= {"host": "imap.gmail.com"}
    assert fields(admin.post("mailboxes", body | {"oauth": {"client_id": ""}})) == {"client_id"}
    oauth = {"client_id": "desk", "client_secret": "s3cret"}
    made = admin.post("mailboxes", body | {"oauth": oauth}).json()
    assert (made["state"], made["is_active"]) == ("unsigned", False)
    assert "Nobody has signed in" in made["problem"]
    address = f"mailboxes/{made['id']}"
    assert fields(admin.patch(address, {"is_active": True})) == {"is_active"}
    found = admin.patch(address, {"folders": ["INBOX", "Support"]}).json()
    assert (found["state"], found["folders"]) == ("unsigned", ["INBOX", "Support"])
    found = admin.patch(address, {"oauth": {"client_id": "desk", "refresh_token": "rt"}}).json()
    assert (found["state"], found["is_active"], found["problem"]) == ("new", True, None)
    grant = account_of(Mailbox.objects.get()).grant
    assert grant is not None
    assert (grant.refresh_token, grant.client_secret) == ("rt", "s3cret")
    assert "s3cret" not in str(found)
