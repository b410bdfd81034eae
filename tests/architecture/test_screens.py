"""Screens and the API reach rows by access, queue and actions only, and keep to their own side."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.house import PACKAGE, TEMPLATES, python_files, short, templates

LOADED = re.compile(r"{%-?\s*(?:include|extends)\s+([^\s%]+)")
AREAS = ("agent/", "portal/", "settings/")
# The tables of the API (answers given) and of the screens (forms carried out, limits used up), each
# with the one module that reads and writes it.
OWN_TABLE = {
    "src/firstline/api/models.py",
    "src/firstline/api/answers.py",
    "src/firstline/web/models.py",
    "src/firstline/web/ui/once.py",
    "src/firstline/web/ui/rates.py",
}
MAY_USE = {"agent": ("agent/",), "portal": ("portal/",), "settings": ("settings/",), "ui": ()}


def at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below one but those that only the type checker sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from (inner for other in child.orelse for inner in (other, *at_run_time(other)))
            continue
        yield child
        yield from at_run_time(child)


def is_model(name: str) -> bool:
    """Whether an imported name is a database model; ninja calls its kinds of parameters so, too."""
    return "models" in name.split(".") and not name.startswith("ninja.")


def model_imports(source: str) -> list[str]:
    """The ways in which a module gets hold of a model when it runs."""
    found = []
    for node in at_run_time(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module or ''}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and node.attr in {"get_model", "_default_manager"}:
            names = [f"{node.attr}.models"]
        else:
            continue
        found += [f"line {node.lineno}: {name}" for name in names if is_model(name)]
    return found


def test_screens_and_api_import_no_models() -> None:
    files = python_files(PACKAGE / "web") + python_files(PACKAGE / "api")
    found = {short(path): model_imports(path.read_text(encoding="utf-8")) for path in files}
    wrong = {name: lines for name, lines in found.items() if lines and name not in OWN_TABLE}
    assert wrong == {}


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("from firstline.tickets.models import Ticket", 1),
        ("from firstline.tickets.models.ticket import Ticket", 1),
        ("from firstline.tickets import access, models", 1),
        ("import firstline.tickets.models", 1),
        ("from django.db import models", 1),
        ("def show():\n    from firstline.tickets.models import Ticket", 1),
        ("from django.apps import apps\napps.get_model('tickets', 'Ticket')", 1),
        ("if TYPE_CHECKING:\n    from firstline.tickets.models import Ticket", 0),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    from firstline.tickets.models import Ticket", 1),
        ("from firstline.tickets import access", 0),
        ("from ninja.params.models import BodyModel", 0),
    ],
)
def test_the_search_for_models_finds_them(source: str, count: int) -> None:
    assert len(model_imports(source)) == count


@pytest.mark.parametrize("area", MAY_USE)
def test_templates_stay_on_their_side(area: str) -> None:
    strangers = tuple(other for other in AREAS if other not in MAY_USE[area])
    wrong = [
        f"{name}: {loaded}"
        for name, text in templates(TEMPLATES / area)
        for loaded in LOADED.findall(text)
        # A name in a variable cannot be checked, so there are none.
        if loaded[0] not in "\"'" or loaded.strip("\"'").startswith(strangers)
    ]
    assert wrong == []


@pytest.mark.parametrize("area", ["agent", "portal", "settings"])
def test_views_render_their_own_side(area: str) -> None:
    strangers = tuple(other for other in AREAS if other not in MAY_USE[area])
    wrong = [
        f"{short(path)}:{node.lineno}: {node.value}"
        for path in python_files(PACKAGE / "web" / area)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.startswith(strangers) and node.value.endswith(".html")
    ]
    assert wrong == []
