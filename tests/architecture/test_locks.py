"""The locks belong together, because the tests' environment also serves `make run`."""

import re
import tomllib

import pytest

from tests.architecture.house import ROOT

PIN = re.compile(r"^([a-z0-9.\-]+)==(\S+)", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    """Package and version of every line of a lock."""
    return dict(PIN.findall(text(name)))


def test_the_dev_lock_holds_the_run_lock() -> None:
    run, dev = pins("run"), pins("dev")
    assert len(run) > 30
    assert {name: dev.get(name) for name in run} == run


def direct_dependencies() -> set[str]:
    """The packages that pyproject.toml asks for by name, in any group."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        described = tomllib.load(file)
    project, groups = described["project"], described["dependency-groups"]
    lists = [project["dependencies"], *project["optional-dependencies"].values(), *groups.values()]
    lines = [line for lines in lists for line in lines if isinstance(line, str)]
    return {re.split(r"[\[<>=; ]", line, maxsplit=1)[0] for line in lines}


def test_every_direct_dependency_is_explained() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| \*\*([a-z0-9-]+)\*\* \|", page, re.MULTILINE)
    assert sorted(direct_dependencies()) == sorted(explained)


@pytest.mark.parametrize("name", ["run", "dev", "uv"])
def test_every_package_is_hashed_and_nothing_names_an_address(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", text(name).strip())
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text(name)
    assert "--index" not in text(name)
    assert "--find-links" not in text(name)
