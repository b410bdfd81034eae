"""Who else gets a message: named by an agent before it leaves, kept with the draft and the message."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base import emails
from firstline.base.lines import one_line

MOST = 20
NAME_LIMIT = 200
LONGEST = 254  # letters of an address
Mailbox = tuple[str, str]  # a name, and an address in normal form


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who gets one message: copies may be open (`cc`), or such that nobody else learns of them (`bcc`).

    An agent names the copies. Of a mail that came in `to` and `cc` are as its sender wrote them,
    and `ours` says which of these addresses are the desk's.
    """

    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    ours: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> Self:
        """What `as_kept` made; nobody for None."""
        kept = kept or {}
        fields = {name: mailboxes(kept.get(name, ())) for name in ("to", "cc", "bcc")}
        return cls(ours=tuple(kept.get("ours", ())), **fields)

    def as_kept(self) -> dict[str, Any] | None:
        """The same for a JSON column; None for nobody."""
        fields = {"to": self.to, "cc": self.cc, "bcc": self.bcc}
        kept: dict[str, Any] = {
            name: [[*one] for one in pairs] for name, pairs in fields.items() if pairs
        }
        if kept and self.ours:
            kept["ours"] = [*self.ours]
        return kept or None

    def check(self) -> None:
        """Refuse what is no address, and more than anybody writes to. Raises ValidationError."""
        if len(self.cc) + len(self.bcc) > MOST:
            most = {"number": MOST}
            raise ValidationError({"cc": _("At most %(number)s people get a copy.") % most})
        for field, named in (("cc", self.cc), ("bcc", self.bcc)):
            for _name, address in named:
                check_address(field, address)


def mailboxes(pairs: Iterable[Iterable[str]]) -> tuple[Mailbox, ...]:
    """Pairs of a name and an address as they are kept: on one line, each address once."""
    found: dict[str, str] = {}
    for name, address in pairs:
        found.setdefault(emails.normal(address), one_line(name)[:NAME_LIMIT])
    return tuple((name, address) for address, name in found.items())


def check_address(field: str, address: str) -> None:
    """Refuse what no mail could go to. Raises ValidationError at this field (C18)."""
    try:
        emails.check(address)
        if len(address) > LONGEST:
            raise ValidationError("")
    except ValidationError:
        words = {"address": address[:100]}
        raise ValidationError(
            {field: _("“%(address)s” is not an e-mail address.") % words}
        ) from None


def named(kept: dict[str, Any] | None, *fields: str) -> list[Mailbox]:
    """The people in these fields of a message's recipients, each once."""
    pairs = [pair for field in fields for pair in (kept or {}).get(field, ())]
    return list(mailboxes(pairs))
