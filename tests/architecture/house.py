"""What the architecture tests look at: the source files, and the layers of pyproject.toml."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "firstline"
TEMPLATES = PACKAGE / "templates"


def layers() -> list[set[str]]:
    """The packages of firstline by layer, the highest first, from the contract of import-linter."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (contract,) = [contract for contract in contracts if contract["id"] == "layers"]
    return [{name.strip(" ()") for name in row.split("|")} for row in contract["layers"]]


def python_files(folder: Path = PACKAGE) -> list[Path]:
    """All Python files below a folder that a person wrote: migrations are made by Django."""
    return sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)


def templates(folder: Path = TEMPLATES) -> Iterator[tuple[str, str]]:
    """Name and text of every template below a folder, such as ("portal/tickets/page.html", "…")."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8")


def short(path: Path) -> str:
    """A path as people write it here: from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()
