"""Deep calls cost what others do, wherever CPython's pieces of stack end."""

import time

from firstline.base.frames import in_one_piece

DEPTHS = range(20, 400)


def _called_at(depth: int) -> int:
    return _calls() if depth == 0 else _called_at(depth - 1)


def _calls() -> int:
    found = 0
    for number in range(2000):
        found += _one(number)
    return found


def _one(number: int) -> int:
    return number


def _seconds(depth: int) -> float:
    """The best of three, without what else the machine does."""
    times = []
    for _try in range(3):
        begun = time.perf_counter()
        in_one_piece(_called_at)(depth)
        times.append(time.perf_counter() - begun)
    return min(times)


def test_no_depth_is_a_bad_one() -> None:
    times = [_seconds(depth) for depth in DEPTHS]
    assert max(times) < 20 * min(times)  # without it, 100 to 200 times on Python 3.11


def test_it_is_the_function_itself() -> None:
    def divide(number: int, by: int = 1) -> float:
        """Divide."""
        return number / by

    wrapped = in_one_piece(divide)
    assert (wrapped(6, by=3), wrapped.__name__, wrapped.__doc__) == (2, "divide", "Divide.")
