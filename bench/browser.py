"""A browser that only counts: one kept connection, cookies, forms; standard library alone."""

import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FORM_TYPE = "application/x-www-form-urlencoded"


class Unexpected(Exception):
    """The server answered something that makes the figures meaningless."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds its last byte was there."""

    status: int
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Browser:
    """Somebody who reads pages; signed in, with a token, or a stranger."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)

    def close(self) -> None:
        self.connection.close()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form, as everybody does. Raises Unexpected."""
        fields = {"login": email, "password": password}
        answer = self.post("/sign-in/", fields | {"csrfmiddlewaretoken": self.form("/sign-in/")})
        if answer.status != 302 or "firstline_session" not in self.cookies:
            raise Unexpected(f"{email} could not sign in: {answer.status}")

    def form(self, path: str) -> str:
        """The token of the form on a page. Raises Unexpected."""
        return token_of(self.get(path).text)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """GET a page that must be there. Raises Unexpected."""
        answer = self._ask("GET", path, None, headers or {})
        if answer.status != 200:
            raise Unexpected(f"GET {path}: {answer.status}")
        return answer

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        body = urlencode(fields).encode()
        origin = f"http://127.0.0.1:{self.port}"
        headers = {"Content-Type": FORM_TYPE, "Origin": origin, "Referer": f"{origin}{path}"}
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = self.headers | headers | ({"Cookie": cookies} if cookies else {})
        begun = time.perf_counter()
        try:
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
        except (HTTPException, OSError):  # the kept connection had ended: once more on a new one
            self.connection.close()
            begun = time.perf_counter()
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - begun
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, content, seconds)


def token_of(page: str) -> str:
    """The hidden field against forged forms. Raises Unexpected."""
    found = TOKEN.search(page)
    if found is None:
        raise Unexpected("the page has no form")
    return found[1]
