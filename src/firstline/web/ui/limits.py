"""How often something may be tried: wrong passwords, registrations (C13, C75).

Counted by allauth's limits, which live in the cache. A wrong password costs one try of each limit
that applies; what is refused because of a limit costs nothing, and neither does a right password.
"""

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

from firstline.base import emails
from firstline.web.ui import devices

APP = "firstline"
RATES = {
    # of an account, from one network address
    "sign_in_here": "5/5m/key",
    # of all accounts, from one network address
    "sign_in_address": "10/m/ip",
    # of an account, from all addresses together; one address alone never reaches it
    "sign_in_account": "10/m/key,100/h/key",
    # of an account, from a browser that is known there: instead of the three above
    "sign_in_device": "10/m/key,60/h/key",
    "registration": "5/h/ip",
    # wrong addresses of web hooks, from one network address
    "hook": "20/m/ip",
}


def begin_try(request: HttpRequest, email: str) -> RateLimitUsage | None:
    """Count one try to sign in; None where there were too many. `rollback()` a right one."""
    account = emails.normal(email)
    device = devices.known(request, account)
    if device:
        return _use(request, "sign_in_device", device)
    tries = RateLimitUsage(usage=[])
    for action, key in (
        ("sign_in_here", _here(request, account)),
        ("sign_in_address", None),
        ("sign_in_account", account),
    ):
        used = _use(request, action, key)
        if used is None:
            tries.rollback()
            return None
        tries.usage += used.usage
    return tries


def forgive(request: HttpRequest, email: str) -> None:
    """Forget the wrong tries at an account: its owner has a new password."""
    account = emails.normal(email)
    for action, key in (("sign_in_here", _here(request, account)), ("sign_in_account", account)):
        ratelimit.clear(request, app=APP, action=action, config=RATES, key=key)


def may_register(request: HttpRequest) -> bool:
    """Count one registration from this network address; False where there were too many."""
    return _use(request, "registration", None) is not None


def may_guess_hook(request: HttpRequest) -> bool:
    """Count one wrong address of a web hook; False where there were too many."""
    return _use(request, "hook", None) is not None


def _here(request: HttpRequest, account: str) -> str:
    return f"{account} {ratelimit.get_ip(request)}"


def _use(request: HttpRequest, action: str, key: str | None) -> RateLimitUsage | None:
    return ratelimit.consume(request, app=APP, action=action, config=RATES, key=key)
