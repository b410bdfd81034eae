"""How many mails without proof from one source are confirmed in an hour (C13).

Whoever writes in the names of others would have us write to all of them.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from firstline.base.lookups import Lookup
from firstline.mail.inbound.placed import Placed
from firstline.mail.mime.parse import Mail
from firstline.mail.models import RawMail
from firstline.mail.proof import BY_DKIM, Word

AN_HOUR = 5
HELLO = re.compile(r"helo=\S+", re.IGNORECASE)  # what it called itself
BROUGHT_BY = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F.:]{3,45})\]")


def _lately(sources: list[str]) -> dict[str, set[int]]:
    """The mails that were confirmed to each source in the last hour: few, for they are counted."""
    hour = timezone.now() - timedelta(hours=1)
    rows = RawMail.objects.filter(confirmed_to__in=sources, received_at__gte=hour)
    found: dict[str, set[int]] = {}
    for source, pk in rows.values_list("confirmed_to", "pk"):
        found.setdefault(str(source), set()).add(pk)
    return found


confirmed = Lookup(_lately)


def may_be_confirmed(row: RawMail, mail: Mail, placed: Placed) -> bool:
    """Whether a mail that opens a ticket is confirmed, as far as its source goes; counts it if so."""
    if placed.word == Word.PROVEN:
        return True
    source = source_of(mail, placed.proof)
    others = (confirmed(source) or set()) - {row.pk}
    if len(others) >= AN_HOUR:
        placed.note("many-unproven", source)
        return False
    confirmed.learn(source, others | {row.pk})
    placed.confirmed_to = source
    return True


def source_of(mail: Mail, proof: Mapping[str, str]) -> str:
    """Who brought it: the server outside that spoke to us or to the nearest of ours; else the domain.

    Each server writes its Received on top, so the first public address is no stranger's word;
    what a client called itself, in brackets as well, comes before or says so. Who spoke to our own
    listener may have written them all, unless a server whose verdict we trust has let it pass.
    """
    is_ours = proof.get("by", "") not in {"", BY_DKIM}
    client = "" if is_ours else str(proof.get("client", ""))
    received = mail.headers.get("received", ())[:20]
    spoke = (HELLO.sub("", value[:1000].partition(" by ")[0]) for value in received)
    found = (one for value in spoke for one in BROUGHT_BY.findall(value)[-1:])
    for one in (client, *found):
        if _is_public(one):
            return str(one)
    return "@" + mail.sender.email.rpartition("@")[2].lower()[:255]


def _is_public(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return False
