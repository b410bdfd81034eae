"""Pictures and papers for tests, made here so that nobody has to trust a file."""

import io
import zlib
from struct import pack
from typing import Any

from PIL import Image, ImageDraw


def picture(width: int = 60, height: int = 40, kind: str = "PNG", **options: Any) -> bytes:
    """A picture with a cross in it."""
    image = Image.new("RGB", (width, height), "#cfe8ee")
    pen = ImageDraw.Draw(image)
    pen.line((0, 0, width, height), fill="#0b5a6b", width=max(width // 60, 1))
    pen.line((0, height, width, 0), fill="#0b5a6b", width=max(width // 60, 1))
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def empty_png(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds what zeros come to: a bomb, if the sizes are."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    head = pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    rows = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(
    pages: int = 1, *, box: str = "0 0 612 792", extra: bytes = b"", trailer: str = ""
) -> bytes:
    """A PDF whose pages say their number; `box` is their size, `trailer` stands in its last part."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + extra + b">>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number in range(1, pages + 1):
        said = f"BT /F 72 Tf 72 600 Td (Page {number}) Tj ET".encode()
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents {3 + 2 * number} 0 R"
        objects.append(f"{page}/Resources<</Font<</F 3 0 R>>>>>>".encode())
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(said), said))
    return _paper(objects, trailer)


def content_pdf(content: bytes, how: str = "") -> bytes:
    """A PDF of one page that is drawn by `content`, packed as `how` says."""
    stream = b"<</Length %d%s>>stream\n" % (len(content), how.encode()) + content
    return _paper(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<>>>>",
            stream + b"\nendstream",
        ],
        "",
    )


def filled_pdf() -> bytes:
    """A PDF with a form: one field that is filled in, whose look is a black square."""
    look = b"0 g 0 0 300 300 re f"
    return _paper(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/DR<<>>>>>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Resources<<>>/Annots[4 0 R]>>",
            b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Anna)/F 4/P 3 0 R%s"
            % b"/Rect[150 150 450 450]/AP<</N 5 0 R>>>>",
            b"<</Type/XObject/Subtype/Form/BBox[0 0 300 300]/Resources<<>>/Length %d>>stream\n%s\nendstream"
            % (len(look), look),
        ],
        "",
    )


def _paper(objects: list[bytes], trailer: str) -> bytes:
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        content
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}"
            f"trailer<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{len(content)}\n%%EOF"
        ).encode()
    )
