"""The one reader of whole numbers."""

import pytest

from firstline.base.ids import LARGEST, read_id, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("7", 7), ("007", 7), (str(LARGEST), LARGEST), ("0" * 6000 + "7", 7)],
)
def test_numbers(text: str, number: int) -> None:
    assert read_number(text) == number
    assert read_id(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", " 7", "7 ", "+7", "-1", "1e9", "1.0", "1_000", "²", "٣", "７", "x", None, 7),
        "9" * 5000,
        str(LARGEST + 1),
        "7\n",
        "7\x00",
        "0x10",
    ],
)
def test_what_is_none(text: object) -> None:
    assert read_number(text) is None


def test_a_bound_of_the_caller() -> None:
    assert read_number("65535", most=65535) == 65535
    assert read_number("65536", most=65535) is None
    assert read_number("9" * 5000, most=9) is None
