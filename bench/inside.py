"""What can only be seen from inside: queries a page, and the speed of the parser.

Run by the driver on one desk at a time (FIRSTLINE_DATA names it); prints JSON. By hand,
`python -m bench.inside --explain "register, open" --data FOLDER` shows the queries of a page with
their times and plans.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.desk import Desk, enter

if TYPE_CHECKING:
    from django.test import Client

    from bench.pages import Page

MAILS = 100


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.inside", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of a made desk; else FIRSTLINE_DATA")
    parser.add_argument("--explain", metavar="PAGE", help="show the queries of one page")
    parser.add_argument("--deep", default="/tickets/?state=all", help="address of a far page")
    options = parser.parse_args()
    desk = Desk.read((options.data or Path(os.environ["FIRSTLINE_DATA"])).resolve())
    enter(desk.environment)
    from bench.pages import pages_of
    from firstline.cli.migrate import prepare

    prepare()
    pages = pages_of(desk, options.deep)
    if options.explain:
        for page in pages:
            if page.name == options.explain:
                _explain(desk, page)
        return 0
    found: dict[str, float] = {page.name: len(_queries(desk, page)) for page in pages}
    json.dump(found | {"parsed": _parse(desk)}, sys.stdout)
    return 0


def _queries(desk: Desk, page: "Page") -> list[dict[str, Any]]:
    """The queries of a page that has been asked for before."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _visitor(desk, page)
    path = page.paths[0]
    client.get(path, headers=page.headers)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path, headers=page.headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{page.name}: {answer.status_code}")
    return captured.captured_queries


def _visitor(desk: Desk, page: "Page") -> "Client":
    from django.test import Client

    from firstline.people.models import Person

    if page.who == "token":
        return Client(headers={"Authorization": f"Bearer {desk.token}"}, SERVER_NAME="127.0.0.1")
    client = Client(SERVER_NAME="127.0.0.1")
    if page.who != "nobody":
        client.force_login(Person.objects.get(email=getattr(desk, page.who)))
    return client


def _explain(desk: Desk, page: "Page") -> None:
    from django.db import connection

    word = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN ANALYZE"
    for query in _queries(desk, page):
        print(f"\n{float(query['time']) * 1000:.0f} ms  {query['sql']}")
        if query["sql"].lstrip("( ").upper().startswith("SELECT"):
            with connection.cursor() as cursor:
                # What was captured is SQL with its values in place, for reading; most of it runs.
                cursor.execute(f"{word} {query['sql'].replace('%', '%%')}", [])
                for row in cursor.fetchall():
                    print("    ", row[-1])


def _parse(desk: Desk) -> float:
    """Mails a second that the parser reads, quotes split off, in one thread."""
    from bench.mails import letters
    from firstline.mail.mime import quotes
    from firstline.mail.mime.parse import parse

    mails = [raw for _sender, _recipient, raw in letters(desk, MAILS, "parser")]
    for raw in mails[:10]:
        parse(raw)
    begun = time.process_time()
    for raw in mails:
        quotes.split(parse(raw).text)
    return MAILS / (time.process_time() - begun)


if __name__ == "__main__":
    sys.exit(main())
