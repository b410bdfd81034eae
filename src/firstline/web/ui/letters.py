"""A mail as its sender set it, in a frame that runs nothing; for agents and customers alike.

The rights were checked before. Pictures that lie elsewhere are fetched only by the second policy,
after a press, by the reader's browser: without a referrer, and without cookies, because the frame
has an origin of its own and asks without credentials (C23, C25).
"""

import base64
import re
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from firstline.base.html import content_id
from firstline.files import store
from firstline.web.ui.downloads import picture_type

if TYPE_CHECKING:
    from firstline.tickets.models import Message

_FRAME = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
POLICY: dict[str, Any] = _FRAME | {"img-src": ["data:"]}
WITH_PICTURES: dict[str, Any] = _FRAME | {"img-src": ["data:", "https:", "http:"]}
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Embedder-Policy": "credentialless",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
}
# Bytes of the pictures that came with a mail and are drawn inside it; larger ones are files below.
INLINE = 6 * 1024 * 1024
_CID = re.compile(r' src="cid:([^"]{1,400})"', re.IGNORECASE)
_REMOTE = ' data-src="http'


def letter(
    request: HttpRequest, message: "Message", *, with_pictures: bool = False
) -> HttpResponse:
    """The page inside the frame; `with_pictures` puts the addresses of remote ones in."""
    html = _with_inline(message)
    if with_pictures:
        html = html.replace(_REMOTE, ' referrerpolicy="no-referrer" src="http')
    response = render(request, "agent/tickets/letter.html", {"html": html})
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _with_inline(message: "Message") -> str:
    """The HTML with the pictures that came with it, which the frame could not fetch from us: it has
    no session."""
    wanted = {content_id(match) for match in _CID.findall(message.html)}
    if not wanted:
        return message.html
    drawn: dict[str, str] = {}
    left = INLINE
    for attachment in message.attachments.select_related("file"):
        file = attachment.file
        known = content_id(attachment.content_id)
        if known not in wanted or known in drawn or file.size > left:
            continue
        try:
            kind = picture_type(store.open_file(file.sha256))
        except FileNotFoundError:  # lost from the store; the mail is readable without it
            continue
        if kind:
            left -= file.size
            content = base64.b64encode(store.read(file.sha256)).decode()
            drawn[known] = f' src="data:{kind};base64,{content}"'
    return _CID.sub(lambda match: drawn.get(content_id(match[1]), match[0]), message.html)
