"""Passwords that are kept to be used again: closed with the installation's key, and with no other."""

from typing import Any

import pytest

from firstline.base import secrets


def test_what_is_closed_can_be_opened_and_not_be_read() -> None:
    closed = secrets.close("пароль ящика")
    assert secrets.open_(closed) == "пароль ящика"
    assert "пароль" not in closed
    assert secrets.close("пароль ящика") != closed


def test_another_key_opens_nothing(settings: Any) -> None:
    closed = secrets.close("secret")
    settings.SECRET_KEY = "another key"
    for one in (closed, "", "nonsense", closed[:-4]):
        with pytest.raises(secrets.Unreadable):
            secrets.open_(one)
