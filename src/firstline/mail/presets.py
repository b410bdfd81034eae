"""What is known of mail providers: where their mailboxes are, and how one proves to own one."""

from dataclasses import dataclass
from urllib.parse import urlsplit

GOOGLE = "https://oauth2.googleapis.com/token"
MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0/token"
YANDEX = "https://oauth.yandex.com/token"


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider's servers; `domains` are the ends of addresses that live there.

    `owner` is who asks for the sign-in there, `asks` what its authorization address wants besides.
    """

    name: str
    domains: tuple[str, ...]
    host: str
    port: int = 993
    security: str = "tls"
    token_url: str = ""
    needs_oauth: bool = False
    other_hosts: tuple[str, ...] = ()
    owner: str = ""
    authorize_url: str = ""
    scope: str = ""
    asks: tuple[tuple[str, str], ...] = ()

    def authorize_url_beside(self, token_url: str) -> str:
        """Where to sign in for tokens of this address: a tenant of Microsoft has both of its own."""
        if token_url == self.token_url:
            return self.authorize_url
        own, given = urlsplit(self.authorize_url), urlsplit(token_url)
        if own.netloc == given.netloc and given.path.endswith("/token"):
            return token_url.removesuffix("token") + "authorize"
        return ""


PRESETS = (
    Preset(
        "Gmail",
        ("gmail.com", "googlemail.com"),
        "imap.gmail.com",
        token_url=GOOGLE,
        other_hosts=("imap.googlemail.com",),
        owner="Google",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        scope="https://mail.google.com/",
        # Without both, Google gives a refresh token the first time only.
        asks=(("access_type", "offline"), ("prompt", "consent")),
    ),
    Preset(
        "Microsoft 365, Outlook",
        ("outlook.com", "hotmail.com", "live.com", "msn.com", "office365.com"),
        "outlook.office365.com",
        token_url=MICROSOFT,
        needs_oauth=True,
        other_hosts=("imap-mail.outlook.com",),
        owner="Microsoft",
        authorize_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        scope="https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
    ),
    Preset(
        "Yandex",
        ("yandex.ru", "yandex.com", "ya.ru", "yandex.by", "yandex.kz"),
        "imap.yandex.com",
        token_url=YANDEX,
        other_hosts=("imap.yandex.ru",),
        owner="Yandex",
        authorize_url="https://oauth.yandex.com/authorize",
        scope="mail:imap_full",
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
    name = host.strip().lower()
    return next((one for one in PRESETS if name == one.host or name in one.other_hosts), None)
