"""Signing in at a mailbox's provider: to its page, back with a code, and from then on mail is read."""

import http.client
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone, translation

from firstline.mail.inbound.imap.account import account_of
from firstline.mail.inbound.imap.oauth import access_token
from firstline.mail.inbound.imap.trouble import SENTENCES
from firstline.mail.models import Folder, Mailbox
from firstline.people.models import Person
from tests import dovecot as imap
from tests.cast import Cast
from tests.provider import Provider, oauth_provider
from tests.web.pages import hidden_fields, html

BOXES, NEW, BACK = "/settings/mailboxes/", "/settings/mailboxes/new/", "/settings/mailboxes/oauth/"
SECRET = "s3cret-of-the-desk"


@pytest.fixture
def admin(cast: Cast, signed_in: Callable[[Person], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.administrator)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider on this machine that may be asked."""
    settings.MAIL_HOSTS_ALLOWED = ["127.0.0.1"]
    with oauth_provider() as made:
        made.secret = SECRET
        yield made


def typed(cast: Cast, provider: Provider, port: int = 1, **changes: str) -> dict[str, str]:
    """What an administrator enters; nothing answers at port 1."""
    values = {"address": "help@orbita.example", "department": str(cast.hosting.pk)}
    values |= {"host": "127.0.0.1", "port": str(port), "security": "none", "folders": "INBOX"}
    values |= {"proof": "oauth", "client_id": "desk", "client_secret": SECRET, "scope": "imap"}
    values |= {"token_url": provider.token_url, "authorize_url": provider.authorize_url}
    return values | changes


def joined(admin: Client, fields: dict[str, str]) -> Mailbox:
    """A new mailbox that waits for the sign-in."""
    answer = admin.post(NEW, hidden_fields(admin.get(NEW)) | fields)
    made = Mailbox.objects.get()
    assert answer["Location"] == f"{BOXES}{made.pk}/#sign_in"
    return made


def sent_off(admin: Client, box: Mailbox, fields: dict[str, str]) -> str:
    """The provider's page that the button leads to."""
    answer = admin.post(f"{BOXES}{box.pk}/sign-ins/", fields)
    assert answer.status_code == 200, html(answer)
    found = re.search(r'href="(https?://[^"]+)" rel="noreferrer"', answer.text)
    assert found is not None
    assert answer["Refresh"] == f"0;url={unescape(found[1])}"
    assert answer["Cache-Control"] == "private, no-store"
    return unescape(found[1])


def way_back(page: str) -> str:
    """What the provider makes of the visit: the address it sends the browser back to."""
    parts = urlsplit(page)
    door = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    door.request("GET", f"{parts.path}?{parts.query}")
    location = door.getresponse().headers["Location"]
    door.close()
    assert location.startswith(f"http://testserver{BACK}?")
    return str(location.removeprefix("http://testserver"))


def grant(box: Mailbox) -> Any:
    """What is kept."""
    return account_of(Mailbox.objects.get(pk=box.pk)).grant


def test_what_a_provider_says_no_to_stands_on_the_page(
    cast: Cast, admin: Client, provider: Provider
) -> None:
    fields = typed(cast, provider)
    box = joined(admin, fields)
    for mood, words in (
        ("denied", "Access was refused at the provider"),
        ("refused", "refused the sign-in: invalid_scope (AADSTS70011)"),
        ("fleeting", "gave no lasting access"),
        ("broken", "The token address does not answer as it should"),
    ):
        provider.mood = mood
        shown = html(admin.get(way_back(sent_off(admin, box, fields)), follow=True))
        assert "Not signed in. " in shown
        assert words in shown, mood
        assert "<b>No" not in shown
    provider.mood = ""
    shown = html(
        admin.get(way_back(sent_off(admin, box, fields | {"client_secret": "x"})), follow=True)
    )
    assert "does not accept the client ID or the client secret: invalid_client" in shown
    gone = fields | {"token_url": "http://127.0.0.1:1/token"}
    shown = html(
        admin.get(
            way_back(sent_off(admin, box, gone | {"client_secret": SECRET})),
            follow=True,
        )
    )
    assert "The token address does not answer as it should" in shown
    assert (grant(box).refresh_token, Mailbox.objects.get().is_active) == ("", False)


def test_the_messages_are_in_the_persons_language(
    cast: Cast, admin: Client, provider: Provider
) -> None:
    Person.objects.filter(pk=cast.administrator.pk).update(language="bg")
    box = joined(admin, typed(cast, provider))
    provider.mood = "denied"
    shown = html(admin.get(way_back(sent_off(admin, box, typed(cast, provider))), follow=True))
    with translation.override("bg"):
        assert str(SENTENCES["denied"]) in shown


def test_only_who_began_it_ends_it_and_once(
    cast: Cast, admin: Client, provider: Provider, signed_in: Callable[[Person], Client]
) -> None:
    fields = typed(cast, provider)
    box = joined(admin, fields)
    back = way_back(sent_off(admin, box, fields))
    state = parse_qs(urlsplit(back).query)["state"][0]
    nothing = "belongs to no sign-in that you began here"
    another = signed_in(cast.administrator)
    assert nothing in html(another.get(back, follow=True))
    assert nothing in html(admin.get(back.replace(state, "guessed"), follow=True))
    assert nothing in html(admin.get(BACK, follow=True))
    stranger = Client().get(back)
    assert stranger.status_code == 302
    assert "code" not in stranger["Location"]
    assert grant(box).refresh_token == ""
    page = html(admin.get(back, follow=True))  # nothing answers at the mail server's port
    assert "Signed in, but the mailbox can't be read yet" in page
    assert grant(box).refresh_token == "rt-1"
    assert Mailbox.objects.get().is_active
    assert nothing in html(admin.get(back, follow=True))
    assert provider.valid == "rt-1"


def test_too_late_is_too_late(cast: Cast, admin: Client, provider: Provider) -> None:
    fields = typed(cast, provider)
    box = joined(admin, fields)
    back = way_back(sent_off(admin, box, fields))
    session = admin.session
    session["mailbox_sign_ins"][0]["at"] -= 601
    session.save()
    assert "came too late or was used already" in html(admin.get(back, follow=True))
    assert "belongs to no sign-in" in html(admin.get(back, follow=True))
    back = way_back(sent_off(admin, box, fields))
    provider.codes.clear()
    assert "came too late or was used already" in html(admin.get(back, follow=True))
    assert grant(box).refresh_token == ""


def test_what_changed_or_went_meanwhile_gets_no_token(
    cast: Cast, admin: Client, provider: Provider
) -> None:
    fields = typed(cast, provider)
    box = joined(admin, fields)
    back = way_back(sent_off(admin, box, fields))
    elsewhere = fields | {"user": "boss@orbita.example"}
    admin.post(f"{BOXES}{box.pk}/", elsewhere)
    assert "was changed meanwhile" in html(admin.get(back, follow=True))
    assert grant(box).refresh_token == ""
    back = way_back(sent_off(admin, box, fields))
    admin.post(f"{BOXES}{box.pk}/removals/")
    assert "was removed meanwhile" in html(admin.get(back, follow=True))
    assert "code-1" in provider.codes  # nobody handed it in


def test_another_account_than_the_mailboxs_is_refused(
    cast: Cast, admin: Client, provider: Provider
) -> None:
    provider.email = "somebody@orbita.example"
    with imap.server(introspection=provider.token_url) as server:
        fields = typed(cast, provider, server.port)
        box = joined(admin, fields)
        shown = html(admin.get(way_back(sent_off(admin, box, fields)), follow=True))
    assert "the mail server refuses this user. Sign in as the owner" in shown
    assert grant(box).refresh_token == ""


def test_a_dead_refresh_token_leads_back_to_the_sign_in(
    cast: Cast, admin: Client, provider: Provider
) -> None:
    fields = typed(cast, provider)
    box = joined(admin, fields)
    assert "not signed in at the provider yet" in html(admin.get(BOXES))
    shown = html(admin.post(f"{BOXES}{box.pk}/pauses/ends/", follow=True))
    assert "Sign in at the provider first" in shown
    admin.get(way_back(sent_off(admin, box, fields)))
    assert "Sign in again" not in html(admin.get(BOXES))
    Mailbox.objects.update(problem="token: invalid_grant", failing_since=timezone.now())
    page = html(admin.get(BOXES))
    assert "gives no access any more: invalid_grant" in page
    assert f'<a href="{BOXES}{box.pk}/#sign_in">Sign in again</a>' in page
    folder = Folder.objects.get()
    Mailbox.objects.update(read_at=timezone.now())
    admin.get(way_back(sent_off(admin, box, fields)))
    row = Mailbox.objects.get()
    assert (row.problem, row.failing_since, row.is_active) == ("", None, True)
    assert Folder.objects.get() == folder  # it goes on where it stopped


def test_who_reads_with_the_former_token_does_not_undo_a_sign_in(
    cast: Cast, admin: Client, provider: Provider
) -> None:
    fields = typed(cast, provider)
    box = joined(admin, fields)
    admin.get(way_back(sent_off(admin, box, fields)))
    former = account_of(Mailbox.objects.get())
    access_token(former)
    assert grant(box).refresh_token == "rt-2"  # replaced by its use, and kept
    former = account_of(Mailbox.objects.get())
    admin.get(way_back(sent_off(admin, box, fields)))
    provider.valid = "rt-2"
    access_token(former)
    assert grant(box).refresh_token == "rt-3"


def test_kept_secrets_go_nowhere_else(cast: Cast, admin: Client, provider: Provider) -> None:
    fields = typed(cast, provider)
    box = joined(admin, fields)
    admin.get(way_back(sent_off(admin, box, fields)))
    kept = fields | {"client_secret": ""}
    admin.post(f"{BOXES}{box.pk}/sign-ins/", kept)
    assert (grant(box).client_secret, grant(box).refresh_token) == (SECRET, "rt-1")
    admin.post(f"{BOXES}{box.pk}/", kept | {"port": "2"})
    assert (grant(box).client_secret, grant(box).refresh_token) == (SECRET, "")
    assert not Mailbox.objects.get().is_active
    with oauth_provider() as another:
        admin.post(f"{BOXES}{box.pk}/", kept | {"token_url": another.token_url})
    assert (grant(box).client_secret, grant(box).refresh_token) == ("", "")


@pytest.mark.parametrize(
    "page",
    [
        "",
        "http://accounts.example/authorize",
        "https://127.0.0.2/authorize",
        "https://localhost/authorize",
        "https://[::1]/authorize",
        "https://10.0.0.1/authorize",
        "https://me@accounts.example/authorize",
        "https://accounts.example/a b",
        "javascript:alert(1)",
        "//accounts.example/authorize",
    ],
)
def test_pages_that_nobody_is_sent_to(
    cast: Cast, admin: Client, provider: Provider, page: str
) -> None:
    answer = admin.post(NEW, typed(cast, provider, authorize_url=page))
    assert answer.status_code == 422
    assert 'id="authorize_url-error"' in answer.text
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize(
    ("host", "token_url", "page", "more"),
    [
        (
            "imap.gmail.com",
            "",
            "https://accounts.google.com/o/oauth2/v2/auth",
            {
                "scope": "https://mail.google.com/",
                "access_type": "offline",
                "prompt": "consent",
            },
        ),
        (
            "outlook.office365.com",
            "",
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            {"scope": "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"},
        ),
        (
            "outlook.office365.com",
            "https://login.microsoftonline.com/orbita.example/oauth2/v2.0/token",
            "https://login.microsoftonline.com/orbita.example/oauth2/v2.0/authorize",
            {"scope": "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"},
        ),
        (
            "imap.yandex.ru",
            "",
            "https://oauth.yandex.com/authorize",
            {"scope": "mail:imap_full"},
        ),
    ],
)
def test_the_pages_of_known_providers(
    cast: Cast, admin: Client, host: str, token_url: str, page: str, more: dict[str, str]
) -> None:
    fields = typed(cast, Provider(), host=host, scope="", authorize_url="", token_url=token_url)
    box = joined(admin, fields)
    found = urlsplit(sent_off(admin, box, fields))
    assert found._replace(query="").geturl() == page
    sent = {name: texts[0] for name, texts in parse_qs(found.query).items()}
    assert len(sent.pop("state")) >= 43
    assert len(sent.pop("code_challenge")) == 43
    assert sent == more | {
        "response_type": "code",
        "client_id": "desk",
        "redirect_uri": f"http://testserver{BACK}",
        "code_challenge_method": "S256",
        "login_hint": "help@orbita.example",
    }
    shown = html(admin.get(f"{BOXES}{box.pk}/"))
    assert 'value="desk"' in shown
    assert (
        f'name="token_url" type="url" maxlength="300" placeholder="https://" value="{token_url}"'
        in shown
    )
