"""Report the state of everything the desk needs."""

import argparse
import os
import shlex
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def command(options: argparse.Namespace) -> int:
    checks: list[tuple[str, Callable[[], str]]] = [
        ("data folder", _data_folder),
        ("rights", _rights),
        ("database", _database),
        ("migrations", _migrations),
        ("portals", _portals),
        ("incoming mail", _incoming),
        ("mailboxes", _mailboxes),
        ("departments", _departments),
        ("signatures", _signatures),
        ("outgoing mail", _outgoing),
        ("jobs", _jobs),
    ]
    failed = False
    for name, check in checks:
        try:
            print(f"ok      {name}: {check()}")
        except Exception as problem:  # each check reports for itself
            failed = True
            print(f"FAILED  {name}: {problem}")
    return 1 if failed else 0


def _data_folder() -> str:
    folder = Path(settings.DATA)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} can't be written")
    free = shutil.disk_usage(folder).free // 2**20
    if free < 200:
        raise OSError(f"only {free} MB free")
    return f"{folder}, {free} MB free"


def _rights() -> str:
    """Data hold passwords and what customers wrote. Raises PermissionError where others may read them."""
    folder, open_ = Path(settings.DATA), []
    if not _is_private(folder) and not all(map(_is_private, folder.iterdir())):
        open_.append(folder)
    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite" and folder not in Path(name).parents:
        beside = (Path(f"{name}{ending}") for ending in ("", "-wal", "-shm"))
        open_ += [path for path in beside if path.exists() and not _is_private(path)]
    if open_:
        names = " ".join(shlex.quote(str(path)) for path in open_)
        raise PermissionError(f"others can read what is here; mend it by: chmod -R go= {names}")
    return "readable by its owner only"


def _is_private(path: Path) -> bool:
    return os.name != "posix" or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise RuntimeError(f"{len(waiting)} to be applied: run `firstline migrate`")
    return "all applied"


def _portals() -> str:
    from firstline.people import portals

    found = [f"{portals.name_of(one)} {portals.address_of(one)}" for one in portals.every()]
    return ", ".join(found)


def _incoming() -> str:
    from firstline.mail.state import incoming

    state = incoming()
    return f"{state.waiting} waiting, {state.parked} put aside"


def _mailboxes() -> str:
    from firstline.mail.mailboxes import failing

    number, problems = failing()
    if problems:
        raise RuntimeError("; ".join(problems))
    return f"{number} read by IMAP"


def _departments() -> str:
    from firstline.mail import domains
    from firstline.tickets.models import Department

    wrong = domains.unreachable()
    if wrong:
        named = ", ".join(f"{one.address} ({one.label})" for one in wrong)
        raise RuntimeError(
            f"mail to these system addresses does not come here: {named}. Give each department one at "
            f"{domains.received()[0]}; the public one then stands among its forwarding addresses"
        )
    return f"{Department.objects.filter(is_active=True).count()} with an address that leads here"


def _signatures() -> str:
    from firstline.tickets.models import Department

    missing = [
        f"{one.label} in {', '.join(one.unsigned)}"
        for one in Department.objects.filter(is_active=True)
        if one.unsigned
    ]
    return "missing: " + "; ".join(missing) if missing else "none missing"


def _outgoing() -> str:
    from firstline.mail.state import outgoing

    state = outgoing()
    way = settings.OUTGOING_MAIL["host"] if settings.OUTGOING_MAIL else "kept as files"
    return f"{way}; {state.waiting} waiting, {state.parked} failed"


def _jobs() -> str:
    from firstline.events.relay import state

    waiting, parked = state()
    if parked:
        raise RuntimeError(
            f"{parked} reactions put aside after repeated failures, {waiting} waiting"
        )
    return f"{waiting} waiting"
