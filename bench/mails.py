"""Mails for the intake: new requests and answers to old ones, as mail programs write them."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from functools import cache
from random import Random

from bench.desk import Desk
from bench.texts import LANGUAGES, Texts, html_of, person, quoted

ANSWERS = 0.5  # of all mails; the others open tickets
WITH_FILE = 0.2


def letters(desk: Desk, number: int, seed: str) -> list[tuple[str, str, bytes]]:
    """Sender, recipient and bytes of each mail; another seed writes other mails."""
    random, texts = Random(seed), Texts(desk.seed)
    return [_letter(desk, random, texts, f"{seed}-{place}") for place in range(number)]


def _letter(desk: Desk, random: Random, texts: Texts, name: str) -> tuple[str, str, bytes]:
    language = random.choice(LANGUAGES)
    writer = person(random, language)
    text = texts.letter(random, language, "", writer)
    sender, recipient = f"{name}@post.example", random.choice(desk.departments)
    if random.random() < ANSWERS and desk.reply_addresses:
        recipient, sender = random.choice(desk.reply_addresses).split()
        text += "\n\n" + quoted(text, language, writer)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((writer, sender))
    mail["To"] = recipient
    mail["Subject"] = texts.subject(random, language, "")
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{random.getrandbits(96):x}@post.example>"
    mail.set_content(text)
    mail.add_alternative(f"<html><body>{html_of(text)}</body></html>", subtype="html")
    if random.random() < WITH_FILE:
        mail.add_attachment(random.randbytes(20_000), "application", "pdf", filename="счёт.pdf")
    return sender, recipient, mail.as_bytes()


def short(address: str, random: Random) -> tuple[str, bytes]:
    """Sender and bytes of a few lines of plain text, a new request."""
    mail, text, _writer = _request(address, random)
    mail.set_content(text)
    return mail["From"].addresses[0].addr_spec, mail.as_bytes()


def usual(address: str, random: Random) -> tuple[str, bytes]:
    """The same as an office's mail program writes it: text and styled HTML, a signature with a logo,
    two earlier letters below it, and every fifth time a document.
    """
    mail, text, writer = _request(address, random)
    texts, language = _texts(), random.choice(LANGUAGES)
    earlier = [texts.letter(random, language, "", writer) for _letter in range(2)]
    mail.set_content(text + "".join("\n\n" + quoted(one, language, writer) for one in earlier))
    logo = '<p class="MsoNormal"><img width="160" height="40" src="cid:logo@post.example"></p>'
    old = "".join(
        f'<div style="border-top:solid #E1E1E1 1.0pt">{_styled(one)}</div>' for one in earlier
    )
    page = (
        f"<html><head><style>{STYLE}</style></head><body>{_styled(text)}{logo}{old}</body></html>"
    )
    mail.add_alternative(page, subtype="html")
    related = list(mail.iter_parts())[1]
    related.add_related(
        Random(mail["From"].addresses[0].domain).randbytes(4_000),
        "image",
        "png",
        cid="<logo@post.example>",
    )
    if random.random() < WITH_FILE:
        mail.add_attachment(random.randbytes(40_000), "application", "pdf", filename="счёт.pdf")
    return mail["From"].addresses[0].addr_spec, mail.as_bytes()


STYLE = (
    "p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; font-family:Calibri,sans-serif}\n"
    * 20
)


def _styled(text: str) -> str:
    """Paragraphs as word processors write them."""
    span = '<span lang="RU" style="font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif;color:#1F497D">'
    lines = (
        f'<p class="MsoNormal">{span}{line}<o:p></o:p></span></p>' for line in text.split("\n")
    )
    return "\n".join(lines)


@cache
def _texts() -> Texts:
    return Texts(20261122)


def _request(address: str, random: Random) -> tuple[EmailMessage, str, str]:
    """A new request without its body, its text and who writes it."""
    texts, language = _texts(), random.choice(LANGUAGES)
    writer = person(random, language)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr(
        (writer, f"p{random.randrange(5)}@office{random.randrange(60)}.example")
    )
    mail["To"] = address
    mail["Subject"] = texts.subject(random, language, "")
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{random.getrandbits(96):x}@post.example>"
    return mail, texts.letter(random, language, "", writer), writer
