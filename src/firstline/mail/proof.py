"""Whether a mail is really from whom it names: one rule, docs/decisions/013-who-wrote-a-mail.md.

The verdict of a server that the configuration trusts counts (RFC 8601); where there is none, a DKIM
signature of the sender's own domain does, which we check ourselves. Everything else proves nothing.
"""

import re
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import dkim
import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string

from firstline.base import emails
from firstline.mail.mime.parse import Mail
from firstline.mail.models import RawMail

log = structlog.get_logger(__name__)
HEAD = 512 * 1024  # bytes of a header that are looked at
BY_DKIM = "dkim"  # nobody said it: we checked the signature ourselves
SIGNATURES = 3  # of the sender's domain that are checked
SECONDS = 5
REMEMBERED = 300  # seconds; a key of a domain
METHODS = ("spf", "dkim", "dmarc")
HEADER_END = re.compile(rb"\r?\n\r?\n")
FOLD = re.compile(rb"\r?\n(?=[ \t])")
RESULT = re.compile(
    r"\s*([a-z][a-z0-9-]{0,20})\s*(?:/\s*\d+\s*)?=\s*([a-z]{1,20})\b", re.IGNORECASE
)
DOMAIN = re.compile(
    r"\b(?:header\.(?:d|i|from)|smtp\.mailfrom)\s*=\s*\"?([^\s;\"]{1,320})", re.IGNORECASE
)


class Word(StrEnum):
    """What is known of who wrote."""

    PROVEN = "proven"
    NOT = "not-proven"
    DISPROVEN = "disproven"


def find(row: RawMail, raw: bytes, mail: Mail) -> dict[str, str]:
    """What the receiving server, or we ourselves, found out; asked once, then as it was kept.

    `word`: a `Word`; `by`: the server that says so, or `BY_DKIM`, "" for nobody; `domain`
    of the sender; `spf`, `dkim`, `dmarc` where somebody trusted said them; `client`: who brought it.
    """
    known: dict[str, Any] = dict(row.proof or {})
    if "word" in known or row.is_old:
        return known
    fields = _fields(raw)
    domain = _domain(mail, fields)
    found = _reported(fields, domain, row.source)
    if found is None:
        found = {"word": Word.NOT, "by": ""}
        is_signed = any(name == "dkim-signature" for name, _value in fields)
        if domain and is_signed and _is_signed(raw, domain):
            found = {"word": Word.PROVEN, "by": BY_DKIM, "dkim": "pass"}
    return known | {name: str(value) for name, value in found.items()} | {"domain": domain}


def word(proof: dict[str, str] | None) -> Word:
    """The word of what was found out."""
    return Word((proof or {}).get("word", Word.NOT))


def aligned(one: str, other: str) -> bool:
    """Whether two domains are of the same owner: relaxed alignment of DMARC, by a simple rule."""
    one, other = emails.normal_domain(one), emails.normal_domain(other)
    return bool(one) and (one == other or _owner(one) == _owner(other))


def _owner(domain: str) -> str:
    """The last two labels; three where those two are no one's own, as co.uk, com.bg and spb.ru are."""
    labels = domain.split(".")
    is_shared = len(labels) > 1 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if is_shared else labels[-2:])


def _domain(mail: Mail, fields: list[tuple[str, str]]) -> str:
    """The domain that has to speak for the mail; "" where From is not one address that counts."""
    named = [one.email.lower() for one in mail.from_addresses if one.email]
    is_one = sum(name == "from" for name, _value in fields) == 1 and len(mail.from_addresses) == 1
    if not is_one or named != [mail.sender.email.lower()]:
        return ""
    return named[0].rpartition("@")[2]


def _fields(raw: bytes) -> list[tuple[str, str]]:
    head = HEADER_END.split(raw[:HEAD], 1)[0]
    lines = FOLD.sub(b" ", head).replace(b"\r\n", b"\n").split(b"\n")
    pairs = (line.decode("utf-8", "replace").partition(":") for line in lines[:2000])
    return [(name.strip().lower(), value.strip()) for name, sign, value in pairs if sign]


def _reported(fields: list[tuple[str, str]], domain: str, source: str) -> dict[str, str] | None:
    """What a trusted server wrote at the top; None where none did.

    The topmost field with a trusted name counts, and those of the same name above the next Received.
    """
    trusted = {name.lower() for name in settings.AUTHSERV_IDS}
    server, found = "", dict[str, str]()
    for name, value in fields if trusted else ():
        if name == "received" and server:
            break
        if name != "authentication-results":
            continue
        who, _sign, results = _bare(value[:20_000]).partition(";")
        host = who.split()[0].lower() if who.split() else ""
        if not {host, f"{source}:{host}"} & trusted or server not in ("", host):
            continue
        server = host
        for method, result, by in _results(results):
            is_better = result == "pass" and aligned(by, domain)
            if method not in found or is_better:
                found[method] = "pass" if is_better else _unaligned(method, result)
    return found | {"word": _judged(found, domain), "by": server} if server else None


def _unaligned(method: str, result: str) -> str:
    """A pass of another's domain says nothing about this sender; DMARC compares by itself."""
    return "other" if result == "pass" and method != "dmarc" else result


def _judged(found: dict[str, str], domain: str) -> Word:
    if found.get("dmarc") == "fail":
        return Word.DISPROVEN
    return Word.PROVEN if domain and "pass" in found.values() else Word.NOT


def _results(text: str) -> Iterator[tuple[str, str, str]]:
    for part in text.split(";")[:40]:
        result = RESULT.match(part)
        if result and (method := result[1].lower()) in METHODS:
            named = DOMAIN.search(part)
            yield method, result[2].lower(), named[1].rpartition("@")[2] if named else ""


def _bare(value: str) -> str:
    """Without comments, which may stand anywhere and hold anything."""
    kept, depth = [], 0
    for char in value:
        depth += char == "("
        if not depth:
            kept.append(char)
        depth -= char == ")" and depth > 0
    return "".join(kept)


def _is_signed(raw: bytes, domain: str) -> bool:
    """Whether the sender's own domain signed all of it; a DNS that does not answer proves nothing."""
    try:
        mail, until = dkim.DKIM(raw, timeout=SECONDS), time.monotonic() + SECONDS
        for index in range(SIGNATURES):
            prepared = mail.verify_headerprep(index)
            if not prepared or time.monotonic() > until:
                return False
            signature, names, fields = prepared
            by = signature[b"d"].decode("ascii", "replace")
            if b"l" in signature or not aligned(by, domain):
                continue  # what signs a part only lets anybody write the rest
            if mail.verify_sig(signature, names, fields[index], _texts):
                return True
    except (
        Exception
    ) as problem:  # a signature is a stranger's: whatever it breaks, it proves nothing
        log.info("signature not checked", domain=domain, problem=repr(problem))
    return False


def _texts(name: bytes, timeout: float = SECONDS) -> bytes:
    """What the DNS says at a name, remembered for minutes. Raises OSError where it is silent."""
    asked = name.decode("ascii").rstrip(".")
    key = f"dns:{asked[:200]}"
    found: list[str] | None = cache.get(key)
    if found is None:
        found = import_string(settings.DNS_LOOKUP)(asked)
        cache.set(key, found, REMEMBERED)
    return (found or [""])[0].encode()
