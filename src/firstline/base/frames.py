"""One piece of memory for all frames of a deep call.

CPython keeps a thread's frames in pieces of 16 KB and gives a piece back as soon as nothing stands on
it. Code that calls to and fro across the end of one then asks the system for memory at every call
(https://github.com/python/cpython/issues/142183, mended in the last versions only). A page is about a
hundred frames deep, just there: a third of its time went into that.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
# Slots, 132 KB: CPython takes a piece of 256 KB for such a frame, and the rest is for its callees.
# None of it is touched before it is used.
ROOM = 16_500


def in_one_piece(function: Callable[P, R]) -> Callable[P, R]:
    """The function, with room on the stack for whatever it calls."""

    def call(*args: P.args, **named: P.kwargs) -> R:
        return function(*args, **named)

    call.__code__ = call.__code__.replace(co_stacksize=ROOM)
    return functools.wraps(function)(call)
