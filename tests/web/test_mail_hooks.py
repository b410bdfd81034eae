"""Web hooks of mail providers: 200 means stored, byte for byte, and once however often it is posted."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client

from firstline.base import secrets
from firstline.events.models import Event
from firstline.files import store
from firstline.mail.actions.hooks import make_hook
from firstline.mail.models import Hook, RawMail
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor
from tests.web.pages import form_of, html

# Bytes that are no UTF-8, as mails have them: nothing on the way may make text of them.
RAW = (
    b"From: svetlana@orbita.example\r\nTo: help@example.com\r\nSubject: By a hook\r\n"
    b"Message-ID: <one@orbita.example>\r\nContent-Type: text/plain; charset=windows-1251\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\n"
    + "Сайт не открывается".encode("cp1251")
    + b"\r\n--x\r\n"
)
PLAIN = RAW.replace("Сайт не открывается".encode("cp1251"), "Не работи".encode()).replace(
    b"windows-1251", b"utf-8"
)
MULTIPART, FORM = "multipart/form-data; boundary=xYzZY", "application/x-www-form-urlencoded"
SENDER, TO = "bounce@orbita.example", "hosting@desk.example"
Answer = tuple[str, bytes]  # content type, body


def multipart(**fields: bytes) -> Answer:
    parts = [
        b'--xYzZY\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value)
        for name, value in fields.items()
    ]
    return MULTIPART, b"".join(parts) + b"--xYzZY--\r\n"


def as_json(value: Any) -> Answer:
    return "application/json", json.dumps(value).encode()


def sns(event: dict[str, Any]) -> Answer:
    return "text/plain; charset=UTF-8", as_json(
        {"Type": "Notification", "Message": json.dumps(event)}
    )[1]


def coded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


ENVELOPE = json.dumps({"from": SENDER, "to": ["x@else.example", TO]}).encode()
RELAYED = {"msg_from": SENDER, "rcpt_to": TO}
RELAYED |= {"content": {"email_rfc822": coded(RAW), "email_rfc822_is_base64": True}}  # type: ignore[dict-item]
SES = {"notificationType": "Received", "content": coded(RAW), "mail": {"source": SENDER}}
SES |= {"receipt": {"recipients": [TO]}}
MAILGUN = {"sender": SENDER.encode(), "recipient": TO.encode(), "body-mime": RAW}
POSTS: dict[str, tuple[str, Answer, bytes]] = {
    "mime": ("mime", ("message/rfc822", RAW), RAW),
    "mailgun": ("mailgun", multipart(**MAILGUN), RAW),
    "mailgun, short": ("mailgun", (FORM, urlencode(MAILGUN).encode()), RAW),
    "sendgrid": ("sendgrid", multipart(envelope=ENVELOPE, email=RAW), RAW),
    "postmark": ("postmark", as_json({"RawEmail": PLAIN.decode(), "OriginalRecipient": TO}), PLAIN),
    "ses": ("ses", sns(SES), RAW),
    "ses, as text": ("ses", sns(SES | {"content": PLAIN.decode()}), PLAIN),
    "sparkpost": ("sparkpost", as_json([{"msys": {"relay_message": RELAYED}}, {"msys": {}}]), RAW),
    "postal": (
        "postal",
        as_json({"message": coded(RAW), "base64": True, "mail_from": SENDER, "rcpt_to": TO}),
        RAW,
    ),
}


@pytest.fixture
def door(cast: Cast) -> Callable[..., str]:
    """Makes a hook for a provider and gives its address."""

    def make(provider: str, key: str = "") -> str:
        _hook, secret = make_hook(actor(cast.administrator), cast.hosting, provider, key, via="web")
        return f"/hooks/mail/{provider}/{secret}/"

    return make


def send(address: str, posted: Answer, **headers: str) -> Any:
    """What a provider's machine does: no cookie, no token of a form."""
    client = Client(enforce_csrf_checks=True, headers=headers)
    return client.post(address, posted[1], content_type=posted[0])


@pytest.mark.parametrize("name", POSTS)
def test_each_provider_hands_over_a_mail_as_it_was(
    cast: Cast, door: Callable[..., str], settle: Callable[[], None], name: str
) -> None:
    provider, posted, raw = POSTS[name]
    answer = send(door(provider), posted)
    assert answer.status_code == 200
    row = RawMail.objects.get()
    assert store.read(row.sha256) == raw
    assert (row.source, row.recipient, row.state) == ("hook", TO, "waiting")
    known = "" if provider in {"mime", "postmark"} else SENDER
    assert row.envelope_sender == known
    assert not answer.cookies
    settle()
    assert Ticket.objects.get().subject == "By a hook"


def test_posted_again_it_stays_one(
    cast: Cast, door: Callable[..., str], settle: Callable[[], None]
) -> None:
    address = door("mailgun")
    for _time in range(3):
        assert send(address, POSTS["mailgun"][1]).status_code == 200
        settle()
    assert (RawMail.objects.count(), Ticket.objects.count()) == (1, 1)


def test_the_envelope_decides_where_it_is_one_of_ours(cast: Cast, door: Callable[..., str]) -> None:
    address = door("mime")
    both = f"{cast.equipment.address}, nobody@else.example"
    send(address, ("message/rfc822", RAW), **{"X-Envelope-To": both, "X-Envelope-From": SENDER})
    send(address, ("message/rfc822", RAW), **{"X-Envelope-To": "nobody@else.example"})
    rows = RawMail.objects.order_by("pk").values_list("recipient", "envelope_sender")
    assert list(rows) == [(cast.equipment.address, SENDER), (cast.hosting.address, "")]


def test_what_is_not_stored_stays_with_the_provider(
    cast: Cast, door: Callable[..., str], settings: Any, tmp_path: Any
) -> None:
    address, posted = door("mailgun"), POSTS["mailgun"][1]
    good, wall = settings.FILES_FOLDER, tmp_path / "file"
    wall.write_text("a file where a folder should be")
    settings.FILES_FOLDER = wall
    assert send(address, posted).status_code == 503
    assert RawMail.objects.count() == 0
    settings.FILES_FOLDER = good
    assert send(address, posted).status_code == 200
    assert RawMail.objects.count() == 1


NO_MAIL: dict[str, tuple[str, Answer, str]] = {
    "empty": ("mime", ("message/rfc822", b" \r\n"), "no-mail"),
    "a form": ("mime", multipart(a=b"b"), "no-mail"),
    "taken apart": ("mailgun", multipart(**{"body-plain": b"Hi", "recipient": b"x"}), "not-raw"),
    "taken apart, too": ("sendgrid", multipart(headers=b"From: x", text=b"Hi"), "not-raw"),
    "and this": ("postmark", as_json({"TextBody": "Hi"}), "not-raw"),
    "no JSON": ("postmark", ("application/json", b"\xff{"), "no-mail"),
    "other JSON": ("sparkpost", as_json({"a": [1]}), "no-mail"),
    "a number": ("ses", as_json(7), "no-mail"),
    "wrong letters": ("postal", as_json({"message": "a" * 5, "base64": True}), "no-mail"),
    "too deep": ("postmark", ("application/json", b"[" * 100_000), "no-mail"),
    "torn": ("mailgun", (MULTIPART, multipart(**MAILGUN)[1][:-40]), "no-mail"),
    "foreign": (
        "ses",
        as_json({"Type": "SubscriptionConfirmation", "SubscribeURL": "https://evil.example/"}),
        "no-mail",
    ),
}


@pytest.mark.parametrize("name", NO_MAIL)
def test_what_is_no_mail_is_refused_and_shown(
    cast: Cast, door: Callable[..., str], name: str
) -> None:
    provider, posted, reason = NO_MAIL[name]
    assert send(door(provider), posted).status_code == 422
    assert RawMail.objects.count() == 0
    hook = Hook.objects.get()
    assert (hook.problem, hook.last_used_at) == (reason, None)


def test_a_mail_may_be_as_large_as_anywhere_and_no_larger(
    cast: Cast, door: Callable[..., str], settings: Any
) -> None:
    settings.MAIL_LIMIT = 8 * 1024 * 1024
    address = door("mailgun")
    large = RAW + b"y" * (7 * 1024 * 1024)
    assert send(address, multipart(**MAILGUN | {"body-mime": large})).status_code == 200
    assert RawMail.objects.get().size == len(large)
    larger = RAW + b"y" * (9 * 1024 * 1024)
    assert send(address, multipart(**MAILGUN | {"body-mime": larger})).status_code == 413
    settings.MAIL_LIMIT = 1000
    assert send(address, multipart(**MAILGUN | {"body-mime": larger})).status_code == 413
    assert Hook.objects.get().problem == "too-large"
    assert RawMail.objects.count() == 1


def test_a_request_that_is_not_whole_is_not_taken(cast: Cast, door: Callable[..., str]) -> None:
    torn = {"wsgi.input": BytesIO(RAW), "CONTENT_LENGTH": str(len(RAW) + 50)}
    answer = Client().post(door("mime"), RAW, content_type="message/rfc822", **torn)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert RawMail.objects.count() == 0


def test_mailgun_has_to_sign_once_its_key_is_given(cast: Cast, door: Callable[..., str]) -> None:
    address = door("mailgun", "key-of-mailgun")
    signature = hmac.new(b"key-of-mailgun", b"1790000000token", hashlib.sha256).hexdigest()
    fields = MAILGUN | {"timestamp": b"1790000000", "token": b"token"}
    for wrong in (fields, fields | {"signature": b"0" * 64}, fields | {"signature": b"\xff"}):
        assert send(address, multipart(**wrong)).status_code == 403
    assert (RawMail.objects.count(), Hook.objects.get().problem) == (0, "signature")
    signed = fields | {"signature": signature.encode()}
    assert send(address, multipart(**signed)).status_code == 200
    assert (RawMail.objects.count(), Hook.objects.get().problem) == (1, "")
    assert "key-of-mailgun" not in Hook.objects.get().signing_key
    assert secrets.open_(Hook.objects.get().signing_key) == "key-of-mailgun"


def test_postal_has_to_sign_once_its_key_is_given(cast: Cast, door: Callable[..., str]) -> None:
    private = rsa.generate_private_key(65537, 2048)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = private.public_key().public_bytes(serialization.Encoding.DER, form)
    address, posted = door("postal", coded(public)), POSTS["postal"][1]
    for wrong in ({}, {"X-Postal-Signature": "%%%"}, {"X-Postal-Signature": coded(b"0" * 256)}):
        assert send(address, posted, **wrong).status_code == 403
    signature = private.sign(posted[1], padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  # Postal's own
    assert send(address, posted, **{"X-Postal-Signature": coded(signature)}).status_code == 200
    assert RawMail.objects.count() == 1


def test_a_wrong_address_is_nothing_and_is_braked(cast: Cast, door: Callable[..., str]) -> None:
    address, posted = door("mailgun"), POSTS["mailgun"][1]
    assert send(address.replace("mailgun", "postal"), posted).status_code == 404
    codes = [send("/hooks/mail/mailgun/guess/", posted).status_code for _time in range(25)]
    assert (codes[0], codes[-1]) == (404, 429)
    assert send("/hooks/mail/mailgun/gu%00ess/", posted).status_code == 429
    assert RawMail.objects.count() == 0
    assert send(address, posted).status_code == 200  # who knows the address is not braked


def test_the_secret_is_in_no_log(cast: Cast, door: Callable[..., str], caplog: Any) -> None:
    address = door("mailgun")
    with caplog.at_level(logging.DEBUG):
        send(address, multipart(a=b"b"))
        send(address[:-2] + "/", multipart(a=b"b"))
        Client().put(address)
    assert address.split("/")[-2][:-1] not in caplog.text


def test_a_provider_may_ask_whether_somebody_is_here(cast: Cast, door: Callable[..., str]) -> None:
    address = door("sparkpost")
    assert Client().head(address).status_code == 200
    assert Client().put(address).status_code == 405
    assert send(address, as_json([{"msys": {}}])).status_code == 200
    assert RawMail.objects.count() == 0


PAGE = "/settings/departments/{}/hooks/"


def test_a_hook_is_made_shown_once_replaced_and_removed(
    cast: Cast, signed_in: Callable[[Person], Client]
) -> None:
    admin, address = signed_in(cast.administrator), PAGE.format(cast.hosting.pk)
    assert address in html(admin.get(f"/settings/departments/{cast.hosting.pk}/"))
    body = form_of(admin, address, provider="mailgun", signing_key="")
    answer = admin.post(address, body)
    page = html(answer)
    first = page.partition('value="http')[2].partition('"')[0].partition("/hooks/")[2]
    assert first.startswith("mail/mailgun/")
    assert first.endswith("/mime")  # only then Mailgun posts whole mails
    assert "no-store" in answer.headers["Cache-Control"]
    assert send(f"/hooks/{first}", POSTS["mailgun"][1]).status_code == 200
    assert first.split("/")[2] not in html(admin.get(address))
    assert first.split("/")[2] not in html(admin.post(address, body, follow=True))  # sent twice
    assert first.split("/")[2] not in str(list(Event.objects.values_list("data")))
    admin.post(address, form_of(admin, address, provider="mailgun", signing_key=""))
    assert send(f"/hooks/{first}", POSTS["mailgun"][1]).status_code == 404
    hook = Hook.objects.get()
    admin.post(f"{address}{hook.pk}/removals/")
    assert not Hook.objects.exists()
    kinds = Event.objects.filter(kind__startswith="hook.").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "hook.made",
        "hook.replaced",
        "hook.removed",
    ]
    assert RawMail.objects.count() == 1


def test_what_is_wrong_is_said(cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    admin, address = signed_in(cast.administrator), PAGE.format(cast.hosting.pk)
    for wrong in ({"provider": "x"}, {"provider": "ses", "signing_key": "s3cret-key"}):
        answer = admin.post(address, wrong)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in html(answer)
        assert "s3cret-key" not in html(answer)
    assert admin.post(address, {"provider": "postal", "signing_key": "xx"}).status_code == 422
    assert not Hook.objects.exists()


def test_amazon_is_confirmed_by_a_person(
    cast: Cast, door: Callable[..., str], signed_in: Callable[[Person], Client]
) -> None:
    link = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    asked = as_json({"Type": "SubscriptionConfirmation", "SubscribeURL": link})
    address = door("ses")
    assert send(address, asked).status_code == 200
    page = PAGE.format(cast.hosting.pk)
    admin = signed_in(cast.administrator)
    assert "Confirm the topic at Amazon" in html(admin.get(page))
    assert send(address, POSTS["ses"][1]).status_code == 200
    assert "Confirm the topic at Amazon" not in html(admin.get(page))


@pytest.mark.parametrize("way", ["", "{}/removals/"])
def test_administrators_alone_see_and_make_hooks(
    cast: Cast, door: Callable[..., str], signed_in: Callable[[Person], Client], way: str
) -> None:
    door("mailgun")
    hook = Hook.objects.get()
    address = PAGE.format(cast.hosting.pk) + way.format(hook.pk)
    people = dict.fromkeys((cast.anna, cast.observer, cast.supervisor, cast.partner_agent), 403)
    people |= {cast.svetlana: 404}
    before = Event.objects.count()
    for person, code in people.items():
        assert signed_in(person).post(address, {"provider": "postal"}).status_code == code
        assert signed_in(person).get(PAGE.format(cast.hosting.pk)).status_code == code
    assert Client().post(address, {"provider": "postal"}).status_code == 401
    elsewhere = PAGE.format(cast.equipment.pk) + f"{hook.pk}/removals/"
    assert signed_in(cast.administrator).post(elsewhere).status_code == 404
    assert list(Hook.objects.values_list("sha256", flat=True)) == [hook.sha256]
    assert Event.objects.count() == before
