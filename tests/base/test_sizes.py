"""Sizes as people read them, in their own language."""

import pytest
from django.utils.translation import override

from firstline.base.sizes import size


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (1536, "1.5 KB"),
        (1024 * 1024 - 1, "1 MB"), (10 * 1024 * 1024, "10 MB"), (2 * 1024**4, "2048 GB"),
    ],
)  # fmt: skip
def test_one_decimal_and_none_when_whole(count: int, said: str) -> None:
    with override("en"):
        assert size(count) == said.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize("language", ["ru", "bg"])
def test_the_readers_decimal_sign(language: str) -> None:
    with override(language):
        assert size(1536).startswith("1,5\N{NO-BREAK SPACE}")
