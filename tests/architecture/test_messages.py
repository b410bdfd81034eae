"""The catalogues are complete: every string of code and templates has a Russian and a Bulgarian."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings

from tests.architecture.house import PACKAGE

TRANSLATED = [code for code, _ in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|{[a-z_][\w.]*}")
SOURCES = {".py", ".html", ".txt"}


def catalogue(language: str) -> polib.POFile:
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"
    assert path.exists(), f"there is no catalogue for {language}: make messages"
    return polib.pofile(str(path))


def entries(language: str) -> Iterator[polib.POEntry]:
    """The entries of a catalogue that are in use."""
    return (entry for entry in catalogue(language) if not entry.obsolete)


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def same_placeholders(entry: polib.POEntry) -> bool:
    """Whether the translation fills in what the original does; a plural may drop the number."""
    if not entry.msgid_plural:
        return placeholders(entry.msgstr) == placeholders(entry.msgid)
    forms = [set(placeholders(form)) for form in entry.msgstr_plural.values()]
    wanted = set(placeholders(entry.msgid_plural))
    return all(form <= wanted for form in forms) and set().union(*forms) == wanted


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_is_translated(language: str) -> None:
    forms = int(re.findall(r"nplurals\s*=\s*(\d)", catalogue(language).metadata["Plural-Forms"])[0])
    missing = [entry.msgid for entry in entries(language) if not entry.translated()]
    plural = [entry for entry in entries(language) if entry.msgid_plural]
    missing += [entry.msgid for entry in plural if len(entry.msgstr_plural) != forms]
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_fuzzy(language: str) -> None:
    assert [entry.msgid for entry in entries(language) if entry.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_kept(language: str) -> None:
    done = [entry for entry in entries(language) if entry.translated()]
    assert [entry.msgid for entry in done if not same_placeholders(entry)] == []


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Context and text of every string, collected anew from a copy of the sources."""
    if shutil.which("xgettext") is None:
        pytest.skip("gettext is not installed, so the strings cannot be collected")
    copy = tmp_path_factory.mktemp("sources")
    for path in PACKAGE.rglob("*"):
        if path.suffix in SOURCES:
            target = copy / path.relative_to(PACKAGE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.rmtree(copy / "locale", ignore_errors=True)
    (copy / "locale").mkdir()
    # With settings, Django would write into the real catalogues.
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    collect = [sys.executable, "-m", "django", "makemessages", "--locale", "en"]
    subprocess.run(collect, cwd=copy, env=plain, check=True, capture_output=True)
    collected = polib.pofile(str(copy / Path("locale/en/LC_MESSAGES/django.po")))
    return {(entry.msgctxt or "", entry.msgid) for entry in collected}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_string_is_left_out(language: str, wanted: set[tuple[str, str]]) -> None:
    known = {(entry.msgctxt or "", entry.msgid) for entry in entries(language)}
    assert sorted(wanted - known) == []
