"""What is known of mail providers: where their mailboxes are, and how one proves to own one."""

from dataclasses import dataclass

GOOGLE = "https://oauth2.googleapis.com/token"
MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0/token"


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider's servers; `domains` are the ends of addresses that live there."""

    name: str
    domains: tuple[str, ...]
    host: str
    port: int = 993
    security: str = "tls"
    token_url: str = ""
    needs_oauth: bool = False


PRESETS = (
    Preset("Gmail", ("gmail.com", "googlemail.com"), "imap.gmail.com", token_url=GOOGLE),
    Preset(
        "Microsoft 365, Outlook",
        ("outlook.com", "hotmail.com", "live.com", "msn.com", "office365.com"),
        "outlook.office365.com",
        token_url=MICROSOFT,
        needs_oauth=True,
    ),
    Preset(
        "Yandex",
        ("yandex.ru", "yandex.com", "ya.ru", "yandex.by", "yandex.kz"),
        "imap.yandex.com",
        token_url="https://oauth.yandex.com/token",  # noqa: S106  # an address, no secret
    ),
    Preset("Mail.ru", ("mail.ru", "inbox.ru", "list.ru", "bk.ru"), "imap.mail.ru"),
    Preset("ABV", ("abv.bg", "gyuvetch.bg"), "imap.abv.bg"),
)


def preset_for(address: str) -> Preset | None:
    """The provider that an address tells of by its domain."""
    domain = address.strip().lower().rpartition("@")[2]
    return next((one for one in PRESETS if domain in one.domains), None)


def preset_of_host(host: str) -> Preset | None:
    """The provider that this host belongs to."""
    return next((one for one in PRESETS if one.host == host.strip().lower()), None)
