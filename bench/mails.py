"""Mails for the intake: new requests and answers to old ones, as mail programs write them."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
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
