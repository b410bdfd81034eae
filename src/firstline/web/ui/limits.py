"""How often something may be tried: passwords, resets, registrations, tokens (C13, C75).

A wrong password costs one try of each limit that applies; what is refused because of a limit costs
nothing, and neither does a right password.
"""

from django.http import HttpRequest

from firstline.base import emails
from firstline.web.ui import devices
from firstline.web.ui.rates import Rate, Usage, clear, use
from firstline.web.ui.source import source_of

MINUTE, HOUR = 60, 3600
# Of an account, from one network address.
SIGN_IN_HERE = Rate("sign-in here", 5, 5 * MINUTE)
# Of all accounts, from one network address.
SIGN_IN_ADDRESS = Rate("sign-in address", 10, MINUTE)
# Of an account, from all addresses together; one address alone never reaches it.
SIGN_IN_ACCOUNT = (Rate("sign-in account", 10, MINUTE), Rate("sign-in account", 100, HOUR))
# Of an account, from a browser that is known there: instead of the three above.
SIGN_IN_DEVICE = (Rate("sign-in device", 10, MINUTE), Rate("sign-in device", 60, HOUR))
# Links to choose a password: from one network address, and to one mail address.
RESET_ADDRESS, RESET_ACCOUNT = Rate("reset address", 20, MINUTE), Rate("reset account", 5, HOUR)
NEW_PASSWORD = Rate("new password", 20, MINUTE)  # chosen by such a link, from one network address
OLD_PASSWORD = Rate("old password", 5, MINUTE)  # asked for before it is changed, of one person
REGISTRATION = Rate("registration", 5, HOUR)
HOOK = Rate("hook", 20, MINUTE)  # wrong addresses of web hooks, from one network address
TOKEN = Rate("token", 10, MINUTE)  # wrong tokens of the API, from one network address


def begin_try(request: HttpRequest, email: str) -> Usage | None:
    """Count one try to sign in; None where there were too many. `rollback()` a right one."""
    account = emails.normal(email)
    device = devices.known(request, account)
    if device:
        return use(*((rate, device) for rate in SIGN_IN_DEVICE))
    return use((SIGN_IN_ADDRESS, source_of(request)), *_of_account(request, account))


def forgive(request: HttpRequest, email: str) -> None:
    """Forget the wrong tries at an account: its owner has a new password."""
    clear(*_of_account(request, emails.normal(email)))


def may_ask_for_link(request: HttpRequest, email: str) -> bool:
    """Count one letter with a link to choose a password; False where there were too many."""
    account = emails.normal(email)
    return use((RESET_ADDRESS, source_of(request)), (RESET_ACCOUNT, account)) is not None


def may_choose_password(request: HttpRequest) -> bool:
    """Count one form of such a link; False where there were too many."""
    return use((NEW_PASSWORD, source_of(request))) is not None


def may_change_password(request: HttpRequest) -> bool:
    """Count one old password of whoever is signed in; False where there were too many."""
    return use((OLD_PASSWORD, str(request.user.pk))) is not None


def may_register(request: HttpRequest) -> bool:
    """Count one registration from this network address; False where there were too many."""
    return use((REGISTRATION, source_of(request))) is not None


def may_guess_hook(request: HttpRequest) -> bool:
    """Count one wrong address of a web hook; False where there were too many."""
    return use((HOOK, source_of(request))) is not None


def may_guess_token(request: HttpRequest) -> bool:
    """Count one wrong token of the API; False where there were too many."""
    return use((TOKEN, source_of(request))) is not None


def _of_account(request: HttpRequest, account: str) -> list[tuple[Rate, str]]:
    here = (SIGN_IN_HERE, f"{account} {source_of(request)}")
    return [here, *((rate, account) for rate in SIGN_IN_ACCOUNT)]
