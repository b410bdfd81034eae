"""What changed on the way: the letter of a check as it was sent, and as it came back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from firstline.mail.mime.parse import Mail

URL = re.compile(r"https?://[^\s<>\"]+")
CHARSET = re.compile(
    rb"^(?:content-type:|[ \t]+)[^<\r\n]{0,200}?charset=\"?([\w.:-]{1,40})",
    re.IGNORECASE | re.MULTILINE,
)
METHOD = re.compile(r"(?:^|[;\s])(spf|dkim|dmarc|arc)\s*=\s*([a-z]+)", re.IGNORECASE)
GOOD = {"pass"}
# What servers add by their nature.
USUAL = {
    "received", "return-path", "delivered-to", "x-original-to", "envelope-to", "delivery-date",
    "authentication-results", "received-spf", "dkim-signature", "arc-seal",
    "arc-message-signature", "arc-authentication-results", "x-received", "x-forwarded-to",
    "x-forwarded-for", "content-type", "content-transfer-encoding", "mime-version",
    "x-google-dkim-signature", "x-gm-message-state", "x-google-smtp-source", "content-language",
}  # fmt: skip
LISTS = ("list-id", "list-unsubscribe", "precedence", "auto-submitted")
MOST = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """The letter as it left; `box` is the public address."""

    box: str
    sender: str
    reply_to: str
    message_id: str
    subject: str
    text: str
    link: str
    words: tuple[str, ...]
    file_name: str
    file: bytes


def compare(
    sent: Sent, mail: Mail, raw: bytes, public: str, proof: Mapping[str, str]
) -> Iterator[list[str]]:
    """All findings, each as [step, detail].

    `public` is the address found in it, "" if none; `proof` is what we found out ourselves.
    """
    yield from _who(sent, mail, public)
    yield from _subject(sent, mail)
    yield from _text(sent, mail, raw)
    yield from _file(sent, mail)
    yield from _header(sent, mail)
    yield from _proofs(mail, proof)


def _who(sent: Sent, mail: Mail, public: str) -> Iterator[list[str]]:
    to = [one.email.lower() for one in (*mail.to, *mail.cc)]
    if mail.sender.email.lower() != sent.sender:
        yield ["from-changed", mail.sender.email[:MOST]]
    if sent.box in to:
        yield ["public-kept", sent.box]
        return
    yield ["to-changed", ", ".join(to)[:MOST]] if to else ["header-lost", "To"]
    yield ["public-traced", public] if public == sent.box else ["public-lost", ""]


def _subject(sent: Sent, mail: Mail) -> Iterator[list[str]]:
    if mail.subject == sent.subject:
        yield ["subject-kept", ""]
    elif sent.subject in mail.subject:
        yield ["subject-tagged", mail.subject.replace(sent.subject, "…")[:MOST]]
    else:
        yield ["subject-damaged", mail.subject[:MOST]]


def _text(sent: Sent, mail: Mail, raw: bytes) -> Iterator[list[str]]:
    """The text without its link, as words: how lines are broken does not matter."""
    was, now = _plain(sent.text), _plain(mail.text)
    lost = [words for words in sent.words if _plain(words) not in now]
    if lost:
        yield ["text-damaged", _instead(sent, mail)]
    elif was == now:
        yield ["text-kept", ""]
    elif was in now:
        yield ["text-added", now.replace(was, " … ").strip()[:MOST]]
    else:
        yield ["text-changed", ""]
    others = {one.decode("ascii", "replace").lower() for one in CHARSET.findall(raw)}
    others -= {"utf-8", "us-ascii", "utf8"}
    if others:
        yield ["recoded", ", ".join(sorted(others))[:MOST]]
    if sent.link not in mail.text:
        found = URL.search(mail.text)
        yield ["links-rewritten", found[0][:MOST]] if found else ["links-lost", ""]


def _instead(sent: Sent, mail: Mail) -> str:
    """The line of the text that stands where the first lost words stood, or its beginning."""
    lines = [line.strip() for line in mail.text.splitlines() if line.strip()]
    was = [line.strip() for line in sent.text.splitlines() if line.strip()]
    for number, line in enumerate(was):
        is_test = number < len(lines) and any(words in line for words in sent.words)
        if is_test and line != lines[number]:
            return lines[number][:MOST]
    return mail.text.strip()[:MOST]


def _plain(text: str) -> str:
    return " ".join(URL.sub(" ", text).split())


def _file(sent: Sent, mail: Mail) -> Iterator[list[str]]:
    contents = {one.content: one.name for one in mail.attachments}
    if sent.file in contents:
        name = contents[sent.file]
        yield ["file-kept", ""] if name == sent.file_name else ["file-renamed", name[:MOST]]
    elif any(one.name == sent.file_name for one in mail.attachments):
        yield ["file-changed", ""]
    else:
        yield ["file-lost", ""]


def _header(sent: Sent, mail: Mail) -> Iterator[list[str]]:
    lost, changed = [], []
    replies = [one.email.lower() for one in mail.reply_to]
    for name, is_there, is_same in (
        ("Message-ID", bool(mail.message_id), mail.message_id == sent.message_id),
        ("Reply-To", bool(replies), replies == [sent.reply_to]),
        ("Date", mail.date is not None, True),
    ):
        if not is_there:
            lost.append(name)
        elif not is_same:
            changed.append(name)
    if lost:
        yield ["header-lost", ", ".join(lost)]
    if changed:
        yield ["header-changed", ", ".join(changed)]
    known = USUAL | {"from", "to", "cc", "reply-to", "subject", "date", "message-id"}
    added = [name for name in mail.headers if name not in known]
    if added:
        yield ["header-added", ", ".join(added)[:MOST]]
    for name in LISTS:
        if mail.headers.get(name):
            yield ["bulk", f"{name}: {mail.headers[name][0]}"[:MOST]]
            break
    spam = _spam(mail)
    if spam:
        yield ["spam", spam]
    if mail.headers.get("received"):
        yield ["hops", str(len(mail.headers["received"]))]


def _spam(mail: Mail) -> str:
    for name in ("x-spam-flag", "x-spam-status", "x-spam"):
        value = next(iter(mail.headers.get(name, ())), "")
        if value.lower().startswith(("yes", "true", "1")):
            return f"{name}: {value}"[:MOST]
    return ""


def _proofs(mail: Mail, proof: Mapping[str, str]) -> Iterator[list[str]]:
    """What the nearest server says of each method, with its name; else what the desk says."""
    found: dict[str, str] = {}
    for value in mail.headers.get("authentication-results", ()):
        server = value.partition(";")[0].split()[:1]
        for method, result in METHOD.findall(value):
            found.setdefault(method.lower(), f"{result.lower()} ({''.join(server)})"[:MOST])
    for value in mail.headers.get("received-spf", ())[:1]:
        words = value.split()[:1]
        if words:
            found.setdefault("spf", words[0].strip("();:").lower()[:MOST])
    for method in ("spf", "dkim", "dmarc", "arc"):
        if isinstance(proof.get(method), str):
            found.setdefault(method, proof[method][:MOST])
        if method in found:
            is_good = found[method].split(" ")[0] in GOOD
            yield [f"{method}-{'good' if is_good else 'bad'}", found[method]]
    if not found:
        yield ["no-proof", ""]
