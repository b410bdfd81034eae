"""Unsorted mail by the API: a ticket is made of it, or it is spam."""

from collections.abc import Callable

from firstline.mail.inbound.take import take
from tests.api.client import Api
from tests.cast import Cast

NOBODY = b"Subject: A scan\r\n\r\nFrom the second floor.\r\n"


def test_sorting(cast: Cast, settle: Callable[[], None], api: Callable[..., Api]) -> None:
    [lost] = take(NOBODY, sender="", recipients=["hosting@desk.example"], source="imap")
    settle()
    client = api(cast.anna)
    assert client.post(f"mails/{lost.pk}/spam", {}).json()["outcome"] == "spam"
    body = {"requester": "olga@x.example", "name": "Ольга", "department": "hosting"}
    for wrong in ({"requester": "olga"}, {"department": "none"}):
        assert client.post(f"mails/{lost.pk}/tickets", body | wrong).status_code == 422
    made = client.post(f"mails/{lost.pk}/tickets", body)
    assert made.status_code == 201, made.content
    assert (made.json()["subject"], made.json()["department"]) == ("A scan", "Hosting")
    assert client.post(f"mails/{lost.pk}/tickets", body).status_code == 409
    assert client.post(f"mails/{lost.pk}/spam", {}).status_code == 409
