"""The type of a file is told by its bytes; its ending chooses only where the bytes leave it open."""

import io
import zipfile
from pathlib import Path

import pytest

from firstline.files.types import PLAIN, type_of
from tests.files.papers import pdf, picture

OFFICE = "application/vnd.openxmlformats-officedocument."
ODT = "application/vnd.oasis.opendocument.text"
VISIO = "application/vnd.ms-visio.drawing"
WORD, EXCEL = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"
POWERPOINT = f"{OFFICE}presentationml.presentation"
MACROS = "application/vnd.ms-excel.sheet.macroEnabled"


def archive(**parts: str) -> bytes:
    """A ZIP file with these parts; `_` in a name stands for a slash."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def package(kind: str) -> bytes:
    """An Office file whose main part is of this type."""
    types = f'<Types><Override PartName="/x.xml" ContentType="{kind}.main+xml"/></Types>'
    return archive(**{"[Content_Types].xml": types, "x.xml": "<x/>"})


def media(brand: str, *others: str, first: int = 24) -> bytes:
    """The first box of a file of the ISO base media format."""
    box = b"ftyp" + brand.encode() + b"\0\0\0\0" + "".join(others).encode()
    return first.to_bytes(4, "big") + box.ljust(first - 4, b"\0") + b"\0\0\0\x08mdat" + bytes(64)


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DER = b"\x30\x82\x05\x10\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + bytes(64)
CASES = {
    "a.zip": (archive(a="1"), "application/zip"),
    "broken.zip": (b"PK\x03\x04" + bytes(40), "application/zip"),
    "report.docx": (package(WORD), WORD),
    "report.xlsx": (package(EXCEL), EXCEL),
    "slides.pptx": (package(POWERPOINT), POWERPOINT),
    "renamed.docx": (package(EXCEL), EXCEL),
    "macros.xlsm": (package(MACROS), f"{MACROS}.12"),
    "other.vsdx": (
        archive(**{"[Content_Types].xml": "<Types/>"}),
        "application/vnd.ms-visio.drawing",
    ),
    "text.odt": (
        archive(mimetype="application/vnd.oasis.opendocument.text", x=""),
        "application/vnd.oasis.opendocument.text",
    ),
    "book.epub": (archive(mimetype="application/epub+zip", x=""), "application/epub+zip"),
    "liar.odt": (archive(mimetype="text/html", x=""), "application/zip"),
    "tool.jar": (archive(**{"META-INF__MANIFEST.MF": "x"}), "application/java-archive"),
    "zipped.docx": (archive(a="1"), "application/zip"),
    "photo.heic": (media("heic", "mif1", "heic", first=28), "image/heic"),
    "photo2.heic": (media("mif1", "mif1", "heic"), "image/heic"),
    "photo.heif": (media("mif1", "mif1"), "image/heif"),
    "photo.avif": (media("avif", "mif1"), "image/avif"),
    "song.m4a": (media("M4A ", "mp42", first=28), "audio/mp4"),
    "voice.m4a": (media("mp42", "isom"), "audio/mp4"),
    "film.mp4": (media("isom", "mp41"), "video/mp4"),
    "film.exe": (media("isom", "mp41"), "video/mp4"),
    "clip.mov": (media("qt  "), "video/quicktime"),
    "clip.3gp": (media("3gp5"), "video/3gpp"),
    "scan.jp2": (b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 " + bytes(20), "image/jp2"),
    "old.doc": (COMPOUND, "application/msword"),
    "old.xls": (COMPOUND, "application/vnd.ms-excel"),
    "mail.msg": (COMPOUND, "application/vnd.ms-outlook"),
    "old.png": (COMPOUND, "application/x-ole-storage"),
    "smime.p7s": (DER, "application/pkcs7-signature"),
    "smime.p7m": (DER, "application/pkcs7-mime"),
    "keys.p12": (DER, "application/x-pkcs12"),
    "me.cer": (DER, "application/pkix-cert"),
    "me.pem": (b"-----BEGIN CERTIFICATE-----\nMIIB\n", "application/x-pem-file"),
    "settings.txt": (b"[main]\nhost=vpn.example\n", "text/plain"),
    "settings": (b"[main]\nhost=vpn.example\n", "text/plain"),
    "cp1251.txt": ("[main] Журнал".encode("cp1251"), "text/plain"),
    "utf16.csv": ("a;b".encode("utf-16"), "text/csv"),
    "list.csv": (b"name;sum\n", "text/csv"),
    "zero.txt": ("0да".encode(), "text/plain"),
    "page.txt": (b"<!DOCTYPE html><html>", "text/html"),
    "drawing.xml": (b'<?xml version="1.0"?><svg xmlns="x">', "image/svg+xml"),
    "feed.xml": (b'<?xml version="1.0"?><feed/>', "text/xml"),
    "letter.rtf": (b"{\\rtf1 x}", "application/rtf"),
    "meeting.ics": (b"BEGIN:VCALENDAR\r\n", "text/calendar"),
    "bill.pdf": (pdf(), "application/pdf"),
    "bill.png": (pdf(), "application/pdf"),
    "shot.pdf": (picture(), "image/png"),
    "photo.jpg": (picture(kind="JPEG"), "image/jpeg"),
    "noise.bin": (bytes(range(1, 30)), PLAIN),
}


@pytest.mark.parametrize("name", CASES)
def test_types(name: str) -> None:
    content, kind = CASES[name]
    assert type_of(name, content) == kind
    assert type_of(name.upper(), content) == kind


def test_this_projects_own_files() -> None:
    root = Path(__file__).resolve().parents[2]
    told = {
        path: type_of(path, (root / path).read_bytes()) for path in ("pyproject.toml", "README.md")
    }
    assert told == {"pyproject.toml": "text/plain", "README.md": "text/markdown"}


@pytest.mark.parametrize("cut", [10, 30, 60, 100])
def test_a_file_that_is_cut_is_still_told(cut: int) -> None:
    assert type_of("report.docx", package(WORD)[:cut]) == "application/zip"
