"""Files and functions stay short. A longer one is listed with its length, which may only fall."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.architecture.house import PACKAGE, ROOT, python_files, short, templates

FILE_LINES = 300
FUNCTION_LINES = 40
TEMPLATE_LINES = 150
MEDIAN_FILE_LINES = 120

# What is longer, and by how much. Lower a number when you shorten the thing; add none lightly.
LONGER_FILES: dict[str, int] = {}
LONGER_FUNCTIONS: dict[str, int] = {}
LONGER_TEMPLATES: dict[str, int] = {}


def file_lengths() -> dict[str, int]:
    """Lines of every Python file of the product that holds any."""
    files = [*python_files(), ROOT / "launch.py"]
    lengths = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    return {name: lines for name, lines in lengths.items() if lines}


def function_lengths(source: str) -> Iterator[tuple[str, int]]:
    """Name and lines of every function in a source, decorators and docstring not counted."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            first, has_text = node.body[0], ast.get_docstring(node) is not None
            text = (first.end_lineno or first.lineno) - first.lineno + 1 if has_text else 0
            yield node.name, node.end_lineno - node.lineno + 1 - text


def compare(lengths: dict[str, int], limit: int, longer: dict[str, int]) -> list[str]:
    """What is too long, and what is listed as longer than it is by now."""
    over = [
        f"{name}: {lines} lines, at most {longer.get(name, limit)}"
        for name, lines in lengths.items()
        if lines > longer.get(name, limit)
    ]
    listed = [
        f"{name}: only {lengths.get(name, 0)} lines now, lower its number or take it off the list"
        for name, lines in longer.items()
        if lengths.get(name, 0) < lines
    ]
    return over + listed


def test_files() -> None:
    assert compare(file_lengths(), FILE_LINES, LONGER_FILES) == []


def test_the_median_file_is_short() -> None:
    assert median(file_lengths().values()) <= MEDIAN_FILE_LINES


def test_functions() -> None:
    lengths: dict[str, int] = {}
    for path in [*python_files(), ROOT / "launch.py"]:
        for name, lines in function_lengths(path.read_text(encoding="utf-8")):
            key = f"{short(path)}:{name}"
            lengths[key] = max(lines, lengths.get(key, 0))
    assert compare(lengths, FUNCTION_LINES, LONGER_FUNCTIONS) == []


def test_templates() -> None:
    lengths = {name: len(text.splitlines()) for name, text in templates()}
    assert compare(lengths, TEMPLATE_LINES, LONGER_TEMPLATES) == []


def test_lengths_are_measured() -> None:
    source = 'def one():\n    """Two\n    lines."""\n    return 1\n'
    assert list(function_lengths(source)) == [("one", 2)]
    assert compare({"a": 301}, 300, {}) == ["a: 301 lines, at most 300"]
    assert compare({"a": 310}, 300, {"a": 310}) == []
    assert compare({"a": 305}, 300, {"a": 310}) != []
    assert Path(short(PACKAGE)) == Path("src/firstline")
