"""Names say what a thing does; a drawer for everything else has no name here."""

import ast
import re

import pytest

from tests.architecture.house import PACKAGE, python_files, short

DRAWERS = {"util", "utils", "helper", "helpers", "manager", "managers", "service", "services"}
DRAWERS |= {"common", "misc"}
DRAWER_CLASS = re.compile(r"[a-z](Utils?|Helpers?|Managers?|Services?)$")
DRAWER_FUNCTION = re.compile(r"(^|_)(utils?|helpers?)$")


def is_drawer(stem: str) -> bool:
    """Whether a file or folder name says nothing: `utils`, but also `mail_utils`."""
    words = stem.strip("_").split("_")
    return words[-1] in DRAWERS or stem in DRAWERS


def test_files_and_folders() -> None:
    paths = {path for file in python_files() for path in (file, *file.parents)}
    inside = [path for path in sorted(paths) if PACKAGE in path.parents]
    assert [short(path) for path in inside if is_drawer(path.stem)] == []


def test_classes_and_functions() -> None:
    found = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and DRAWER_CLASS.search(node.name):
                found.append(f"{short(path)}: {node.name}")
            if isinstance(node, ast.FunctionDef) and DRAWER_FUNCTION.search(node.name):
                found.append(f"{short(path)}: {node.name}")
    assert found == []


@pytest.mark.parametrize(
    ("stem", "drawer"),
    [("utils", True), ("mail_helpers", True), ("service_levels", False), ("replies", False)],
)
def test_drawers_are_told_apart(stem: str, drawer: bool) -> None:
    assert is_drawer(stem) is drawer
