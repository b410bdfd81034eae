"""A made desk holds what the product itself would have written, or its figures mean nothing."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from bench.desk import ROOT, Desk, environment_of

TICKETS, ON_DESK = 300, 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small desk, made by the command that makes the big ones."""
    if connection.vendor != "sqlite":
        pytest.skip("the maker is tried once, in a folder of its own")
    folder = tmp_path_factory.mktemp("bench")
    size = ["--tickets", str(TICKETS), "--open", str(ON_DESK)]
    command = [sys.executable, "-m", "bench.make", *size, "--data", str(folder)]
    subprocess.run(command, cwd=ROOT, env=environment_of(folder), check=True)
    return folder


@pytest.fixture
def desk(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "firstline.db")) as database:
        yield database


def test_the_desk_is_as_full_as_asked_for(desk: sqlite3.Connection) -> None:
    groups = dict(desk.execute("SELECT desk_group, count(*) FROM tickets_ticket GROUP BY 1"))
    assert sum(groups.values()) == TICKETS
    assert {"new", "reply", "level"} < groups.keys()
    assert sum(number for group, number in groups.items() if group) == ON_DESK


def test_five_messages_each_and_the_first_is_the_customers(desk: sqlite3.Connection) -> None:
    firsts = "SELECT count(*), min(id) AS first FROM tickets_message GROUP BY ticket_id"
    rows = desk.execute(
        f"SELECT number.*, kind, author_id = requester_id FROM ({firsts}) number"  # noqa: S608
        " JOIN tickets_message m ON m.id = first JOIN tickets_ticket t ON t.id = ticket_id"
    ).fetchall()
    assert {(number, kind, is_theirs) for number, _first, kind, is_theirs in rows} == {(5, "in", 1)}
    assert len(rows) == TICKETS


def test_the_history_ends_in_the_status_that_the_ticket_has(desk: sqlite3.Connection) -> None:
    rows = desk.execute(
        "SELECT t.id, t.phase, e.data FROM tickets_ticket t LEFT JOIN events_event e"
        " ON e.subject_id = t.id AND e.kind = 'ticket.moved' ORDER BY t.id, e.id"
    ).fetchall()
    reached = {ticket: "new" for ticket, _phase, _data in rows}
    for ticket, _phase, data in rows:
        move = json.loads(data) if data else {}
        assert move.get("from_phase", reached[ticket]) == reached[ticket]
        reached[ticket] = move.get("phase", reached[ticket])
    assert {ticket: phase for ticket, phase, _data in rows} == reached


def test_whose_turn_it_is_follows_from_the_messages(desk: sqlite3.Connection) -> None:
    wrong = desk.execute(
        "SELECT count(*) FROM tickets_ticket t WHERE awaiting != (SELECT CASE kind WHEN 'in'"
        " THEN 'support' ELSE 'customer' END FROM tickets_message m WHERE m.ticket_id = t.id"
        " AND kind IN ('in', 'out') ORDER BY id DESC LIMIT 1)"
    ).fetchone()
    assert wrong == (0,)


def test_every_answer_was_mailed_for_its_own_event(desk: sqlite3.Connection) -> None:
    mailed = desk.execute(
        "SELECT count(*), count(DISTINCT o.event_id) FROM mail_outgoingmail o"
        " JOIN events_event e ON e.id = event_id AND e.subject_id = o.ticket_id"
        " JOIN tickets_message m ON m.id = o.message_id AND m.ticket_id = o.ticket_id"
        " WHERE e.kind = 'ticket.replied' AND json_extract(e.data, '$.message') = o.message_id"
    ).fetchone()
    said = "SELECT count(*) FROM tickets_message WHERE kind IN ('out', 'comment')"
    assert mailed == desk.execute(said).fetchone() * 2


def test_the_product_finds_nothing_wrong(folder: Path) -> None:
    desk = Desk.read(folder)
    assert desk.numbers
    assert desk.waiting
    command = [sys.executable, "-m", "firstline.cli.main", "check"]
    subprocess.run(command, cwd=ROOT, env=desk.environment, check=True)
