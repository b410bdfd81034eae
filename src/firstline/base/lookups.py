"""What is looked up for each of many things in one transaction: asked once for all of them.

Outside of `remembering()` nothing is remembered, and each call asks anew.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")
Memory = dict[Any, dict[Any, Any]]
_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Let all look-ups inside answer from what was found before; for one transaction at most."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


class Lookup(Generic[K, T]):
    """Finds values by keys. `find` gets keys and gives those that there are, in a fixed number of queries."""

    def __init__(self, find: Callable[[list[K]], dict[K, T]]) -> None:
        self.find = find

    def __call__(self, key: K) -> T | None:
        """The value of one key; None where there is none."""
        return self.among([key]).get(key)

    def among(self, keys: Iterable[K]) -> dict[K, T]:
        """The values of those of these keys that there are."""
        wanted = list(dict.fromkeys(keys))
        memory = _memory.get()
        known: dict[K, T | None] = {} if memory is None else memory.setdefault(self, {})
        if unknown := [key for key in wanted if key not in known]:
            found = self.find(unknown)
            known.update({key: found.get(key) for key in unknown})
        values = {key: known[key] for key in wanted}
        return {key: value for key, value in values.items() if value is not None}

    def learn(self, key: K, value: T) -> None:
        """Remember what was just made."""
        memory = _memory.get()
        if memory is not None:
            memory.setdefault(self, {})[key] = value
