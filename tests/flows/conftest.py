"""Whole stories: the desk's listener and a mail server beside it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tests.doors import Sink, mail_sink, smtp_listener


@pytest.fixture
def stage(transactional_db: None) -> Cast:
    """The cast on a database that other threads see as well."""
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
