"""Previews: what is drawn, what is refused, and that a hostile file costs a bounded child (C22, C53)."""

import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from firstline.files import previews, store, upload
from firstline.files.models import File
from firstline.files.previews import Preview, preview
from firstline.files.upload import Upload
from tests.files.papers import content_pdf, empty_png, filled_pdf, pdf, picture

SMALL, LARGE = 320, 1600
MOST_MEMORY = 200  # MB
LOCKED = "/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + "00" * 32
LOCKED += ">/U<" + "11" * 32 + ">>>/ID[<00><00>]"
NOTHING = {
    "empty.pdf": b"",
    "broken.pdf": b"%PDF-1.7\nand no more",
    "cut.pdf": pdf(3)[:300],
    "locked.pdf": pdf(trailer=LOCKED),
    "thread.pdf": pdf(box="0 0 1 1000000"),
    "none.pdf": pdf(0),
    "fake.png": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "cut.png": picture(500, 500)[:200],
    "bomb.png": empty_png(50_000, 50_000),
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "notes.txt": b"%PDF-1.4 is how such a file begins",
}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.FILES_FOLDER = tmp_path / "files"


def stored(name: str, content: bytes) -> File:
    return upload.save(Upload(name, content), None)


def drawn(name: str, content: bytes, page: int = 1, size: str = "l") -> Preview:
    """The preview of a new file, which there must be."""
    found = preview(stored(name, content), page, size)
    assert found is not None
    return found


def kept() -> list[Path]:
    """Everything that is kept of drawings."""
    return [path for path in previews.folder().rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_drawn_anew(db: None, kind: str) -> None:
    content = picture(2000, 1000, kind)
    for size, longest in (("s", SMALL), ("l", LARGE)):
        found = drawn(f"photo.{kind.lower()}", content, size=size)
        with Image.open(BytesIO(found.content)) as image:
            assert (image.format, image.size) == ("WEBP", (longest, longest // 2))
        assert (found.pages, found.width, found.height) == (1, longest, longest // 2)


def test_a_small_picture_stays_small(db: None) -> None:
    assert drawn("dot.png", picture(30, 20)).width == 30


def test_a_photo_stands_upright_and_says_nothing_more(db: None) -> None:
    told = Image.Exif()
    told[0x0112] = 6  # turned by a quarter
    told[0x010E] = "taken at home"
    found = drawn("photo.jpg", picture(400, 200, "JPEG", exif=told.tobytes()))
    assert (found.width, found.height) == (200, 400)
    assert b"taken at home" not in found.content
    with Image.open(BytesIO(found.content)) as image:
        assert not image.getexif()


def test_a_photo_larger_than_any_screen_is_drawn(db: None) -> None:
    assert drawn("photo.jpg", picture(9000, 6000, "JPEG")).width == LARGE


def test_pages_of_a_paper(db: None) -> None:
    paper = stored("paper.pdf", pdf(3))
    pages = [preview(paper, page) for page in (1, 2, 3)]
    assert [page.pages for page in pages if page] == [3, 3, 3]
    assert len({page.content for page in pages if page}) == 3
    first = pages[0]
    assert first is not None
    assert (first.width, first.height) == (1237, LARGE)
    assert preview(paper, 4) is None
    assert preview(paper, 0) is None


def test_a_long_paper_is_shown_in_part(db: None) -> None:
    paper = stored("long.pdf", pdf(30))
    last = preview(paper, 20, "s")
    assert last is not None
    assert last.pages == 20
    assert preview(paper, 21, "s") is None


@pytest.mark.parametrize("box", ["0 0 100000 100000", "0 0 200000 100", "-5 -5 5 5", "0 0 0 0"])
def test_pages_of_any_size_are_bounded(db: None, box: str) -> None:
    found = preview(stored("vast.pdf", pdf(box=box)))
    assert found is None or max(found.width, found.height) <= LARGE


def test_a_paper_with_a_script_is_only_drawn(db: None) -> None:
    script = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
    assert b"app.alert" not in drawn("script.pdf", pdf(extra=script)).content


@pytest.mark.parametrize("name", NOTHING)
def test_what_cannot_be_drawn_has_no_preview_and_is_kept(db: None, name: str) -> None:
    file = stored(name, NOTHING[name])
    assert preview(file) is None
    assert preview(file, size="s") is None
    assert store.read(file.sha256) == NOTHING[name]


def test_unknown_sizes_have_no_preview(db: None) -> None:
    assert preview(stored("dot.png", picture()), size="../../l") is None


def test_a_lost_file_has_no_preview(db: None) -> None:
    file = stored("dot.png", picture())
    store.path_of(file.sha256).unlink()
    assert preview(file) is None


def test_what_was_drawn_is_kept_and_may_be_deleted(db: None) -> None:
    file = stored("dot.png", picture())
    first = preview(file)
    (path,) = kept()
    assert first is not None
    assert path.read_bytes().endswith(first.content)
    begin = path.stat().st_mtime_ns
    assert preview(file) == first
    assert path.stat().st_mtime_ns == begin
    path.write_bytes(b"half a draw")
    assert preview(file) == first
    for one in kept():
        one.unlink()
    assert preview(file) == first


def test_equal_files_are_drawn_once(db: None) -> None:
    for name in ("one.png", "two.png"):
        assert preview(stored(name, picture())) is not None
    assert len(kept()) == 1


def test_that_nothing_can_be_drawn_is_remembered_for_a_while(db: None) -> None:
    file = stored("broken.pdf", NOTHING["broken.pdf"])
    assert preview(file) is None
    (path,) = kept()
    begin = path.stat().st_mtime_ns
    assert preview(file) is None
    assert path.stat().st_mtime_ns == begin
    long_ago = time.time() - previews.TRIED_AGAIN - 1
    os.utime(path, (long_ago, long_ago))
    assert preview(file) is None
    assert path.stat().st_mtime > long_ago + 1


def test_a_busy_machine_draws_later(db: None) -> None:
    file = stored("dot.png", picture())
    for _place in range(2):
        previews.AT_ONCE.acquire()
    begin = time.monotonic()
    try:
        assert preview(file) is None
    finally:
        for _place in range(2):
            previews.AT_ONCE.release()
    assert time.monotonic() - begin < previews.PATIENCE
    assert preview(file) is not None


def test_a_file_that_breaks_on_its_first_page_is_not_tried_page_by_page(db: None) -> None:
    file = stored("broken.pdf", NOTHING["broken.pdf"])
    assert preview(file) is None
    before = kept()
    assert preview(file, 2) is None
    assert kept() == before


def hostile() -> Iterator[tuple[str, bytes, str]]:
    yield "flate", content_pdf(zlib.compress(b" " * 400_000_000, 9), "/Filter/FlateDecode"), "fails"
    yield "dashes", content_pdf(b"[.001 .001] 0 d\n" + b"0 0 m 612 792 l S\n" * 100_000), "fails"
    yield "bomb", empty_png(50_000, 50_000), "fails"
    yield "zeros", empty_png(9_000, 9_000), "fails"
    yield "large", picture(6000, 4000), "draws"
    yield "webp", picture(3000, 2000, "WEBP"), "draws"
    yield "jpeg", picture(12000, 9000, "JPEG"), "draws"


# A process of its own measures the child: here the memory of all other tests would be counted.
MEASURE = """
import json, resource, subprocess, sys
command = [sys.executable, "-I", "-m", "firstline.files.render", "1", "1600"]
with open(sys.argv[1], "rb") as file:
    done = subprocess.run(command, stdin=file, capture_output=True, env={}, timeout=60)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, used.ru_maxrss // 1024, used.ru_utime + used.ru_stime]))
"""


@pytest.mark.parametrize(("name", "content", "outcome"), [*hostile()], ids=lambda one: str(one)[:8])
def test_what_a_file_may_cost(tmp_path: Path, name: str, content: bytes, outcome: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    told = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, check=True, text=True
    )
    code, memory, seconds = json.loads(told.stdout)
    assert (code == 0) == (outcome == "draws"), told
    assert memory <= MOST_MEMORY
    assert seconds < 10


def test_the_child_brings_nothing_of_the_desk(tmp_path: Path) -> None:
    """What a hostile file could reach in it: no settings, no tables, no names of files."""
    script = """
import runpy, sys
sys.argv = ["render", "1", "320"]
try:
    runpy.run_module("firstline.files.render", run_name="__main__")
except SystemExit:
    pass
print(sorted(name for name in sys.modules if name.startswith(("django", "firstline"))), file=sys.stderr)
"""
    path = tmp_path / "dot.png"
    path.write_bytes(picture())
    with path.open("rb") as content:
        done = subprocess.run(
            [sys.executable, "-I", "-c", script], stdin=content, capture_output=True, env={}
        )
    assert done.stdout.startswith(b'{"pages": 1')
    assert done.stderr.decode().strip() == "['firstline', 'firstline.files']"


def test_what_a_form_was_filled_with_is_drawn(db: None) -> None:
    found = drawn("form.pdf", filled_pdf())
    with Image.open(BytesIO(found.content)) as image:
        seen = [image.convert("L").crop((at, at, at + 1, at + 1)).tobytes()[0] for at in (800, 9)]
    assert seen[0] < 20 < 235 < seen[1]
