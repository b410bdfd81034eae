"""Tests that drive a real Chromium: the one of the system, because none is ever downloaded.

FIRSTLINE_TEST_CHROMIUM names another one than Debian's. Without any, these tests are skipped,
unless FIRSTLINE_TEST_REQUIRE_BROWSER says that a skip is a failure.
"""

import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

HERE = Path(__file__).parent
CHROMIUM = Path(os.environ.get("FIRSTLINE_TEST_CHROMIUM", "/usr/bin/chromium"))
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """Mark what stands in this folder, leave it out where it cannot run, and run it last.

    Last, because Playwright keeps an event loop in the main thread until the session ends, and
    tests with a loop of their own could not start it after that.
    """
    mine = [item for item in items if HERE in item.path.parents]
    for item in mine:
        item.add_marker("browser")
    if mine and (reason := what_is_missing()):
        if os.environ.get("FIRSTLINE_TEST_REQUIRE_BROWSER"):
            raise pytest.UsageError(reason)
        for item in mine:
            item.add_marker(pytest.mark.skip(reason=reason))
    yield
    items.sort(key=lambda item: HERE in item.path.parents)


def what_is_missing() -> str | None:
    """Why no browser can be driven here, and what to install; None if one can."""
    if not CHROMIUM.exists():
        return f"no Chromium at {CHROMIUM}: apt install chromium, or set FIRSTLINE_TEST_CHROMIUM"
    driver = [sys.executable, "-m", "playwright", "--version"]
    told = subprocess.run(driver, capture_output=True, text=True)
    if told.returncode != 0:
        return f"Playwright does not start ({told.stderr.strip()}): apt install libatomic1"
    return None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How Chromium is started; root has to do without its sandbox."""
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else [*QUIET]
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": flags}


@pytest.fixture(scope="session")
def base_url() -> str | None:
    """None: tests go to full addresses. (The plugin's own fixture warns under pytest 9.)"""
    return None


@pytest.fixture(scope="session", autouse=True)
def _tables_beside_playwright() -> None:
    """Let tests use the tables although Playwright's event loop is there; nothing runs in it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains of: scripts that fail, and what the content policy refuses."""
    heard: list[str] = []
    page.on("pageerror", lambda problem: heard.append(str(problem)))
    page.on(
        "console", lambda line: heard.append(line.text) if "Security Policy" in line.text else None
    )
    yield heard
    assert heard == []
