"""Mail that a provider hands over. “200” means stored; anything else means: keep it, post it again."""

from typing import TYPE_CHECKING

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from firstline.base.ids import read_number
from firstline.mail.inbound import hooks
from firstline.mail.inbound.providers import Post, Refused
from firstline.web.ui import limits

if TYPE_CHECKING:
    from firstline.mail.models import Hook

log = structlog.get_logger(__name__)
SAID = {
    "no-mail": "There is no mail in this request.",
    "not-raw": "The mail was taken apart. Have the provider post the raw MIME message.",
    "signature": "The signature is wrong.",
    "key-lost": "The signing key can't be read. Enter it again in the settings.",
    "too-large": "The mail is too large.",
}
CODES = {"signature": 403, "key-lost": 503, "too-large": 413}


@csrf_exempt  # the secret in the address is all that lets anybody in
def receive(request: HttpRequest, provider: str, secret: str) -> HttpResponse:
    """POST: store the mail, then answer 200. GET: whether somebody is here, as some providers ask."""
    try:
        return _quietly(*_answer(request, provider, secret))
    except Exception:  # whatever keeps it from being stored: the provider has to keep it
        log.exception("mail of a hook not stored, it stays with the provider", provider=provider)
        return _quietly(503, "Not stored. Try again later.")


def _answer(request: HttpRequest, provider: str, secret: str) -> tuple[int, str]:
    hook = hooks.hook_of(provider, secret)
    if hook is None:
        return (
            (404, "Nothing here.") if limits.may_guess_hook(request) else (429, "Too many tries.")
        )
    if request.method in {"GET", "HEAD"}:
        return 200, "Post mail here."
    if request.method != "POST":
        return 405, "Post mail here."
    return _take(request, hook)


def _take(request: HttpRequest, hook: "Hook") -> tuple[int, str]:
    most = hooks.largest_post()
    if _length(request) > most:
        hooks.refuse(hook, "too-large")
        return 413, SAID["too-large"]
    if "Content-Length" not in request.headers:
        return 411, "Say how long the request is."
    headers = {name.lower(): value for name, value in request.headers.items()}
    # Not `request.body`: its limit is made for forms, and far smaller than a mail may be.
    post = Post(request.headers.get("Content-Type", ""), headers, request.read(most))
    if len(post.body) != _length(request):  # torn on its way
        return 400, "The request is not whole. Send it again."
    try:
        hooks.receive(hook, post)
    except Refused as problem:
        log.warning("hook refused", provider=hook.provider, hook=hook.pk, reason=problem.reason)
        return CODES.get(problem.reason, 422), SAID[problem.reason]
    return 200, "Stored."


def _length(request: HttpRequest) -> int:
    """The announced size of the body, 0 where there is none."""
    return read_number(request.headers.get("Content-Length")) or 0


def _quietly(status: int, text: str) -> HttpResponse:
    """An answer that Django does not log, because it would log the address, and so the secret."""
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    if status == 405:
        headers["Allow"] = "GET, HEAD, POST"
    response = HttpResponse(
        f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers
    )
    response._has_been_logged = True  # type: ignore[attr-defined]  # django.utils.log looks for it
    return response
