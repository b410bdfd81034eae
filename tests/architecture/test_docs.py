"""Pages of docs/ that are made from the code say what the code says."""

import importlib.util
from pathlib import Path

import pytest

from firstline.people.roles import Permission

DOCS = Path(__file__).resolve().parents[2] / "docs"
_spec = importlib.util.spec_from_file_location("docs_make", DOCS / "make.py")
assert _spec is not None
assert _spec.loader is not None
make = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make)


@pytest.mark.parametrize("name", make.PAGES)
def test_page_is_as_the_code_makes_it(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == make.PAGES[name](), (
        "run: python docs/make.py"
    )


def test_permissions_stand_in_alphabetical_order() -> None:
    words = [permission.value.split(":") for permission in Permission]
    assert all(len(word) == 3 for word in words)
    assert words == sorted(words)
