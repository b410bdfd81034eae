"""What all tests share: the cast, signed-in clients, and a way to let everything due happen."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from firstline.cli.migrate import compile_catalogues
from firstline.events import relay
from firstline.events.models import Reaction
from firstline.mail.inbound import digest
from firstline.mail.outbound import breaks, send
from firstline.people import portals
from firstline.people.models import Person
from firstline.tickets import inbox
from firstline.tickets.actions import broadcast, pending
from tests.cast import Cast, actor, make_cast
from tests.doors import Sink, mail_sink, smtp_listener

ROUNDS = 20
HERE = Path(__file__).parent
BROWSER = HERE / "browser"
# They ask no database, or ask it nothing that others do not ask as well: one engine is enough.
ON_ONE_ENGINE = {
    HERE / name
    for name in (
        "architecture",
        "base",
        "bench",
        "cli/test_commands.py",  # on data folders of its own, with SQLite
        "cli/test_demo.py",
        "cli/test_rights.py",
        "files/test_previews.py",
        "mail/mime",
        "mail/test_bounds.py",
        "mail/test_loops.py",
        "serving",
        "web/portal/test_previews.py",
        "web/test_guessing.py",
        "wiring/test_logging.py",
    )
}
compile_catalogues()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on the second engine, what does not depend on the engine.

    FIRSTLINE_TEST_BROWSER says whether a lane runs `only` what drives a browser, or `none` of it.
    """
    is_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    share = os.environ.get("FIRSTLINE_TEST_BROWSER", "") if is_sqlite else "none"
    wanted = [
        item for item in items if _is_wanted({item.path, *item.path.parents}, share, is_sqlite)
    ]
    config.hook.pytest_deselected(items=list(set(items) - set(wanted)))
    items[:] = wanted


def _is_wanted(places: set[Path], share: str, is_sqlite: bool) -> bool:
    if BROWSER in places:
        return share != "none"
    return share != "only" and (is_sqlite or places.isdisjoint(ON_ONE_ENGINE))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """After a test that other threads watched, empty the tables that hold rows, and no others.

    Of ninety tables a test fills twenty, and PostgreSQL makes new files for each that it truncates.
    """

    def sql_flush(style: Any, tables: list[str], **_: Any) -> list[str]:
        each = [
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"  # noqa: S608  # our own tables
            for name in tables
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(each))
            held = [name for (name,) in cursor.fetchall()]
        return [f'DELETE FROM "{name}"' for name in held]  # noqa: S608  # the same

    connection.ops.sql_flush = sql_flush  # type: ignore[assignment, method-assign]


@pytest.fixture
def cast(db: None) -> Cast:
    """The people, departments and companies of `tests.cast`."""
    portals.at("testserver")  # remembered, as on a desk that runs: tests count queries
    people = make_cast()
    inbox.has_inbox(actor(people.administrator))
    return people


@pytest.fixture
def stage(transactional_db: None) -> Cast:
    """The cast on a database that other threads see as well."""
    portals.at("testserver")
    return make_cast()


@pytest.fixture
def smtp(stage: Cast) -> Iterator[int]:
    """Port of the desk's SMTP listener."""
    with smtp_listener() as port:
        yield port


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """The mail server that the desk sends through."""
    with mail_sink() as sink:
        settings.OUTGOING_MAIL = sink.setting
        yield sink


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """A client whose session belongs to a person: `signed_in(cast.anna).get("/desk/")`."""

    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return client_of


@pytest.fixture
def settle(db: None) -> Callable[[], None]:
    """Do all work that is due, as the workers would: reactions, mails that came, mails that go.

    Work that fails is tried again later, in silence; here it fails the test.
    """

    def run() -> None:
        for _round in range(ROUNDS):
            if not (
                broadcast.sweep() + pending.sweep() + relay.sweep() + digest.sweep() + send.sweep()
            ):
                break
        else:
            raise AssertionError(
                f"there is work left after {ROUNDS} rounds: something feeds itself"
            )
        failed = list(Reaction.objects.exclude(problem="").values_list("handler", "problem"))
        assert failed == []

    return run


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """The command line makes files private for as long as its process lives, and this one lives on."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """Let no test pay for what another one did: what is remembered, servers out of reach."""
    cache.clear()
    breaks.BREAKS.clear()
