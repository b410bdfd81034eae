"""Sign-ins that go on at a provider: who began them, in the session, and where they come back to."""

from dataclasses import asdict, dataclass
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from firstline.mail.actions.sign_ins import SignIn
from firstline.web.ui import once

NAME, MOST, SECONDS = "mailbox_sign_ins", 5, 600


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in of this session: for which mailbox, and since when."""

    sign_in: SignIn
    mailbox_id: int
    callback: str
    is_late: bool


def callback_of(request: HttpRequest) -> str:
    """Where providers send people back to: at the desk's own address, or at the one used now."""
    path, public = reverse("settings:mailbox_oauth"), urlsplit(settings.PUBLIC_URL)
    if request.get_host() == public.netloc:
        return f"{public.scheme}://{public.netloc}{path}"
    return request.build_absolute_uri(path)


def remember(request: HttpRequest, sign_in: SignIn, mailbox_id: int, callback: str) -> None:
    """Let only this session finish it."""
    row = asdict(sign_in) | {"page": "", "mailbox": mailbox_id, "callback": callback, "at": time()}
    rows = [*_rows(request), row | {"person": request.user.pk}]
    request.session[NAME] = rows[-MOST:]


def take(request: HttpRequest, state: str) -> Pending | None:
    """The sign-in that this session began with the state; the first time only."""
    rows = _rows(request)
    row = next((one for one in rows if state and one["state"] == state), None)
    if row is None:
        return None
    request.session[NAME] = [one for one in rows if one is not row]
    if row["person"] != request.user.pk or not once.is_first(f"sign-in {state}", request.path):
        return None
    sign_in = SignIn(page="", state=state, verifier=row["verifier"], seal=row["seal"])
    is_late = time() - row["at"] > SECONDS
    return Pending(sign_in, row["mailbox"], row["callback"], is_late)


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    return list(request.session.get(NAME, []))
