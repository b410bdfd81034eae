"""What other projects' parsers made of the mails of the corpus, in one form for four of them."""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml

from firstline.base.plain import INVISIBLE

CORPUS = Path(__file__).parents[4] / "shared" / "mail-corpus"

Files = list[tuple[str | None, bytes | None]]


@dataclass(slots=True)
class Expected:
    """Of one mail; None where the other says nothing. `files`: a name and bytes, each None where the
    other does not tell."""

    name: str
    raw: Path
    subject: str | None = None
    sender: str | None = None
    text: str | None = None
    files: Files | None = field(default_factory=list)


class Loader(yaml.SafeLoader):
    """YAML that came from Ruby: its tags are read as plain mappings, nothing is made of them."""


Loader.add_multi_constructor(
    "!ruby/", lambda loader, _, node: loader.construct_mapping(node, deep=True)
)
Loader.add_constructor("!binary", lambda _, node: base64.b64decode(node.value))


def all_of_them() -> Iterator[Expected]:
    """Every mail with an expectation beside it."""
    yield from _zammad()
    yield from _stalwart()
    yield from _mime4j()
    yield from _james()


def letters(text: str) -> str:
    """Letters and digits alone: HTML tags, signs and blanks are another program's taste."""
    return re.sub(r"[\W_]+", "", _read(text, tag=""))


def words(text: str) -> Counter[str]:
    """The words of a text, and how often each stands there."""
    return Counter(re.findall(r"[^\W_]+", _read(text, tag=" ")))


def _read(text: str, tag: str) -> str:
    """What of HTML is read, in small letters; `tag`: what stands for each tag."""
    text = re.sub(r"<(?:style|script|title)\b.*?</(?:style|script|title)>", "", text, flags=re.S)
    return INVISIBLE.sub("", unescape(re.sub(r"<[^<>]*>", tag, text))).lower()


def _zammad() -> Iterator[Expected]:
    for path in sorted(CORPUS.glob("zammad/*.yml")):
        # Loader is a SafeLoader
        found: dict[str, Any] = yaml.load(path.read_bytes(), Loader)  # noqa: S506
        files: Files = [
            (str(file.get("filename") or "") or None, _bytes(file.get("data")))
            for file in found.get("attachments") or []
            if not (file.get("preferences") or {}).get("content-alternative")
        ]
        body = found.get("body")
        yield Expected(
            _named(path.with_suffix(".box")),
            path.with_suffix(".box"),
            found.get("subject"),
            sender if "@" in (sender := found.get("from_email") or "") else None,
            None if body is None or "no visible content" in body else body,
            files if "attachments" in found else None,
        )


def _bytes(data: Any) -> bytes:
    return data if isinstance(data, bytes) else str(data or "").encode()


def _stalwart() -> Iterator[Expected]:
    for path in sorted(CORPUS.glob("stalwart/**/*.json")):
        found = json.loads(path.read_bytes())
        parts = found["parts"]
        head = {str(one["name"]): one["value"] for one in parts[0]["headers"]}
        said = [parts[number] for number in _bodies(found)]
        mail = path.with_suffix(".eml")
        yield Expected(
            _named(mail),
            mail,
            _text(head.get("subject")),
            _address(head.get("from")),
            "\n".join(next(iter(part["body"].values())) for part in said),
            [
                (_file_name(parts[n]), content)
                for n in found["attachments"]
                if (content := _content(parts[n], mail)).strip()
            ],
        )


def _bodies(found: dict[str, Any]) -> list[int]:
    """The parts of its plain text, or of the HTML where a mail has that alone, which are texts."""
    return [
        number
        for number in found["text_body"]
        if {"Text", "Html"} & set(found["parts"][number]["body"])
    ]


def _text(value: Any) -> str | None:
    if isinstance(value, dict) and "Text" in value:
        return str(value["Text"])
    return None


def _address(value: Any) -> str | None:
    """The first address of a field."""
    listed = (value or {}).get("Address") if isinstance(value, dict) else None
    for one in (listed or {}).get("List") or []:
        return str(one["address"]) if one.get("address") else None
    for group in (listed or {}).get("Group") or []:
        for one in group["addresses"]:
            return str(one["address"]) if one.get("address") else None
    return None


def _file_name(part: dict[str, Any]) -> str | None:
    heads = {str(one["name"]): one["value"] for one in part["headers"]}
    for header, key in (("content_disposition", "filename"), ("content_type", "name")):
        value = heads.get(header)
        attributes = (value or {}).get("ContentType", {}).get("attributes") if value else None
        for one in attributes or []:
            if one["name"].lower() == key:
                return str(one["value"])
    return None


def _content(part: dict[str, Any], mail: Path) -> bytes:
    kind, body = next(iter(part["body"].items()))
    if kind in ("Binary", "InlineBinary"):
        return bytes(body)
    if kind == "Message":  # a mail inside: its parse is given, its bytes lie in the mail
        return mail.read_bytes()[part["offset_body"] : part["offset_end"]]
    return str(body).encode()


def _mime4j() -> Iterator[Expected]:
    for path in sorted(CORPUS.glob("mime4j/**/*_decoded.xml")):
        mail = path.with_name(path.name.replace("_decoded.xml", ".msg"))
        root = ElementTree.fromstring(path.read_bytes())  # noqa: S314  # the corpus is ours
        head = _heads(root)
        said: list[str] = []
        files: Files = []
        _leaves(root, path.parent, said, files)
        yield Expected(
            _named(mail),
            mail,
            str(make_header(decode_header(head["subject"]))) if "subject" in head else None,
            None,
            "\n".join(said),
            files,
        )


def _heads(element: Any) -> dict[str, str]:
    fields = (one.text or "" for one in element.findall("header/field"))
    pairs = (one.strip().partition(":") for one in reversed(list(fields)))
    return {name.strip().lower(): " ".join(value.split()) for name, _, value in pairs}


def _leaves(element: Any, folder: Path, said: list[str], files: Files) -> None:
    """The leaves of a mail, texts and files apart, by what their own fields say. Of several forms of
    one text the first counts. The bytes of files that are no text, and of mails inside, lie nowhere."""
    head = _heads(element)
    told = head.get("content-type", "text/plain")
    kind = told.partition(";")[0].strip().lower()
    place = head.get("content-disposition", "")
    named = re.search(r"name\*?\d?\*?=", f"{told} {place}") or place.startswith("attach")
    for inside in element:
        if inside.tag == "multipart":
            parts = inside.findall("body-part")
            for part in parts[:1] if kind == "multipart/alternative" else parts:
                _leaves(part, folder, said, files)
        elif inside.tag in ("binary-body", "message"):
            files.append((None, None))
        elif inside.tag == "text-body":
            content = (folder / inside.get("name", "")).read_bytes()
            if kind in ("text/plain", "text/html", "") and not named:
                said.append(_decoded(content))
            elif content.strip() or named:
                files.append((None, content))


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _james() -> Iterator[Expected]:
    for path in sorted(CORPUS.glob("james/**/*.json")):
        found = json.loads(path.read_bytes())
        mail = path.with_suffix(".eml")
        if not mail.is_file():
            continue
        subject = found.get("subject")
        subject = subject[0] if isinstance(subject, list) and subject else subject
        sender = [one.get("address") for one in found.get("from") or []]
        body = found.get("textBody") or found.get("htmlBody")
        yield Expected(
            _named(mail),
            mail,
            _with_prefix(mail, subject) if isinstance(subject, str) else None,
            sender[0] if sender and "@" in (sender[0] or "") else None,
            body,
            None,
        )


def _with_prefix(mail: Path, subject: str) -> str:
    """The subject from which James left out "[…]" at the beginning, as IMAP sorts it (RFC 5256)."""
    found = re.search(rb"^Subject: ((?:\[[^\]]*\] ?)*)", mail.read_bytes(), re.MULTILINE)
    return (found[1].decode() if found else "") + subject


def _named(path: Path) -> str:
    return str(path.relative_to(CORPUS))
