"""The type of a file by its bytes, whatever its sender claims.

The bytes prove a family; where a family has several types that look alike (Office files, ISO media,
DER, text), the ending chooses within it and never leaves it.
"""

import io
import re
import zipfile
from functools import lru_cache

import puremagic

PLAIN = "application/octet-stream"
BEGINNING = 8192
MOST_READ = 1_000_000  # bytes of a part that names the others

# Open Packaging Conventions (ISO/IEC 29500-2): the main part's type names the document's.
MAIN_PART = re.compile(rb'ContentType="(application/vnd\.[\w.+-]{1,90}?)\.main(?:\+xml)?"')
OPEN_DOCUMENT = re.compile(rb"application/(?:vnd\.[\w.+-]{1,80}|epub\+zip)")
ZIPPED = {
    "[Content_Types].xml": {
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".vsdx": "application/vnd.ms-visio.drawing",
        ".xps": "application/vnd.ms-xpsdocument",
        ".3mf": "model/3mf",
        ".nupkg": "application/zip",
    },
    "AndroidManifest.xml": {"": "application/vnd.android.package-archive"},
    "META-INF/MANIFEST.MF": {"": "application/java-archive"},
    "doc.kml": {"": "application/vnd.google-earth.kmz"},
}
COMPOUND = {
    ".doc": "application/msword",
    ".dot": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".xlt": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pps": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
    ".vsd": "application/vnd.visio",
    ".mpp": "application/vnd.ms-project",
    ".pub": "application/x-mspublisher",
    ".msi": "application/x-msi",
}
LENGTHS = (b"\x80", b"\x81", b"\x82", b"\x83")  # that a sequence of DER may begin with
DER = {
    ".p7s": "application/pkcs7-signature",
    ".p7m": "application/pkcs7-mime",
    ".p7c": "application/pkcs7-mime",
    ".p7b": "application/x-pkcs7-certificates",
    ".p12": "application/x-pkcs12",
    ".pfx": "application/x-pkcs12",
    ".cer": "application/pkix-cert",
    ".crt": "application/pkix-cert",
    ".der": "application/pkix-cert",
    ".crl": "application/pkix-crl",
}
# Brands of the ISO base media format (ISO/IEC 14496-12), at the eighth byte.
BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), "image/heic"),
    **dict.fromkeys((b"hevc", b"hevx", b"hevm", b"hevs"), "image/heic-sequence"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    b"mif1": "image/heif",
    b"msf1": "image/heif-sequence",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"M4P ": "audio/mp4",
    b"F4A ": "audio/mp4",
    b"M4V ": "video/x-m4v",
    b"qt  ": "video/quicktime",
    b"crx ": "image/x-canon-cr3",
}
MEDIA = {".m4a": "audio/mp4", ".m4b": "audio/mp4", ".m4v": "video/x-m4v", ".mov": "video/quicktime"}
JPEG_2000 = {b"jp2 ": "image/jp2", b"jpx ": "image/jpx", b"jpm ": "image/jpm", b"mjp2": "video/mj2"}
TEXT = {
    ".csv": "text/csv",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".svg": "image/svg+xml",
    ".xml": "text/xml",
    ".json": "application/json",
    ".eml": "message/rfc822",
    ".pem": "application/x-pem-file",
    ".crt": "application/x-pem-file",
    ".cer": "application/x-pem-file",
    ".p7s": "application/x-pem-file",
    ".rtf": "application/rtf",
    ".ps": "application/postscript",
    ".md": "text/markdown",
    ".log": "text/plain",
    ".txt": "text/plain",
}
MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype )?(html|svg)\b",
    re.I | re.S,
)
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def type_of(name: str, content: bytes) -> str:
    """The media type of a file, at most 100 characters; PLAIN where nothing is known."""
    _stem, dot, ending = name.rpartition(".")
    ending = (dot + ending).lower()
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content, ending)
    if content[4:8] == b"ftyp":
        return _media(content, ending)
    if content.startswith(b"\x00\x00\x00\x0cjP  \r\n\x87\n"):
        return JPEG_2000.get(content[20:24], "image/jp2")
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return COMPOUND.get(ending, "application/x-ole-storage")
    if content[:1] == b"\x30" and content[1:2] in LENGTHS and ending in DER:
        return DER[ending]
    return _text(content[:BEGINNING], ending) or _by_magic(content[:BEGINNING])


def _zipped(content: bytes, ending: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist()[:5000])
            if "mimetype" in names:
                told = _read(archive, "mimetype").strip()
                if OPEN_DOCUMENT.fullmatch(told):
                    return told.decode()
            if "[Content_Types].xml" in names:
                found = MAIN_PART.search(_read(archive, "[Content_Types].xml"))
                if found:
                    told = found[1]
                    return (told + b".12" if told.endswith(b"macroEnabled") else told).decode()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return "application/zip"
    for mark, types in ZIPPED.items():
        if mark in names:
            return types.get(ending) or types.get("", "application/zip")
    return "application/zip"


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MOST_READ)


def _media(content: bytes, ending: str) -> str:
    size = min(int.from_bytes(content[:4], "big"), 256)
    brand, others = content[8:12], {content[at : at + 4] for at in range(16, size, 4)}
    if brand in (b"mif1", b"msf1"):  # the general ones: what the picture needs stands behind
        brand = next((one for one in (b"avif", b"heic", b"heix", b"hevc") if one in others), brand)
    if brand in BRANDS:
        return BRANDS[brand]
    if brand[:3] in (b"3gp", b"3gr", b"3gs"):
        return "video/3gpp"
    if brand[:3] == b"3g2":
        return "video/3gpp2"
    return MEDIA.get(ending, "video/mp4")


def _text(beginning: bytes, ending: str) -> str:
    """The type of what is text; nothing for anything else."""
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")) and ending in TEXT:
        return TEXT[ending]
    if beginning.lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if CONTROL.search(beginning):
        return ""
    if beginning.startswith(b"{\\rtf"):
        return "application/rtf"
    if beginning.startswith(b"%!PS"):
        return "application/postscript"
    if markup := MARKUP.match(beginning.removeprefix(b"\xef\xbb\xbf")):
        return "text/html" if markup[1].lower() == b"html" else "image/svg+xml"
    if beginning.startswith(b"BEGIN:VCALENDAR"):
        return "text/calendar"
    if beginning.startswith(b"BEGIN:VCARD"):
        return "text/vcard"
    if beginning.startswith(b"-----BEGIN "):
        return "application/x-pem-file"
    if _is_readable(beginning):
        return TEXT.get(ending, "text/plain")
    return TEXT.get(ending, "")


def _is_readable(beginning: bytes) -> bool:
    """Whether it is UTF-8, be it cut in the middle of a letter."""
    try:
        beginning.decode()
    except UnicodeDecodeError as problem:
        return len(beginning) == BEGINNING and problem.start > BEGINNING - 4
    return True


@lru_cache(maxsize=256)
def _by_magic(beginning: bytes) -> str:
    """What a list of known beginnings says; the logos of signatures come again and again."""
    try:
        found = puremagic.from_string(beginning, mime=True)
    except (puremagic.PureError, ValueError):
        return PLAIN
    return found[:100] if found else PLAIN
