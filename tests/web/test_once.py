"""A form is carried out once, whatever process it reaches (C69)."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from firstline.web.models import Submission
from firstline.web.ui import once
from tests.cast import Cast, make_cast


def request_of(cast: Cast, key: str, text: str = "Words", path: str = "/x/") -> Any:
    request: Any = RequestFactory().post(path)
    request.POST = QueryDict(mutable=True)
    request.POST.update({"submission": key, "text": text})
    request._files = MultiValueDict()
    request.user = cast.svetlana
    return request


class Refused(Exception):
    """What a verb raises in these tests."""


def test_keys_differ() -> None:
    assert len({once.fresh_key() for _key in range(100)}) == 100


def test_the_second_is_not_carried_out(cast: Cast) -> None:
    assert once.perform(request_of(cast, "k"), lambda: "done") == "done"
    assert once.perform(request_of(cast, "k"), lambda: "done") is None


@pytest.mark.parametrize("other", [{"key": "l"}, {"text": "Other"}, {"path": "/y/"}])
def test_another_form_is(cast: Cast, other: dict[str, str]) -> None:
    once.perform(request_of(cast, "k"), lambda: "done")
    assert once.perform(request_of(cast, **{"key": "k", **other}), lambda: "done") == "done"


def test_another_person_is_not_kept_out(cast: Cast) -> None:
    once.perform(request_of(cast, "k"), lambda: "done")
    request = request_of(cast, "k")
    request.user = cast.zlata
    assert once.perform(request, lambda: "done") == "done"


def test_a_form_without_a_key_is_carried_out_each_time(cast: Cast) -> None:
    for _time in range(2):
        assert once.perform(request_of(cast, ""), lambda: "done") == "done"


def test_what_fails_leaves_no_mark(cast: Cast) -> None:
    def fail() -> None:
        raise Refused

    with pytest.raises(Refused):
        once.perform(request_of(cast, "k"), fail)
    assert once.perform(request_of(cast, "k"), lambda: "done") == "done"


@pytest.mark.parametrize("key", ["k", ""])
def test_all_or_nothing_of_it_is_written(cast: Cast, key: str) -> None:
    def half() -> None:
        cast.svetlana.phone = "+7 900 000-00-00"
        cast.svetlana.save()
        raise Refused

    with pytest.raises(Refused):
        once.perform(request_of(cast, key), half)
    cast.svetlana.refresh_from_db()
    assert cast.svetlana.phone == ""


def test_old_marks_are_forgotten(cast: Cast) -> None:
    once.perform(request_of(cast, "old"), lambda: "done")
    Submission.objects.update(created_at=timezone.now() - timedelta(days=8))
    once.perform(request_of(cast, "new"), lambda: "done")
    once.forget()
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_carried_out() -> None:
    cast, barrier, done = make_cast(), Barrier(6), []

    def press() -> None:
        barrier.wait()
        try:
            done.append(once.perform(request_of(cast, "k"), lambda: "done"))
        finally:
            connections.close_all()

    threads = [Thread(target=press) for _press in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done, key=str) == [None] * 5 + ["done"]
