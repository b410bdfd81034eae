"""Draws one picture of a file in a process of its own; `files.previews` starts it, nobody imports it.

The file comes on standard input, `page size` as arguments; a line of JSON and the picture leave on
standard output. The file may be hostile (C53): limits on memory, time and output end this process, and nothing
but it. It knows no settings, no secrets and no database, and opens no file by name.
"""

import io
import json
import os
import sys
from typing import BinaryIO

from PIL import Image, ImageOps

MEMORY = 200 * 1024 * 1024
SECONDS = 8
OUTPUT = 8 * 1024 * 1024
MOST_PAGES = 20
MOST_BYTES = 100_000_000  # that the pixels take while a picture is made smaller
MOST_PIXELS = 250_000_000  # of a JPEG, which is made smaller as it is read
DRAWN = ("GIF", "JPEG", "PNG", "WEBP")
PDF = b"%PDF-"
PDF_HEAD = 1024  # readers find the mark anywhere in the beginning
QUALITY = {320: 70, 1600: 82}


def limit() -> None:
    """Bound what this process may use, before it looks at the file."""
    import resource  # not on Windows: there is no preview then

    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def draw(content: BinaryIO, page: int, size: int) -> tuple[Image.Image, int]:
    """The picture of a page, at most `size` pixels long and wide, and how many pages can be drawn.

    Raises whatever the readers raise; ValueError for what is beyond the bounds.
    """
    head = content.read(PDF_HEAD)
    content.seek(0)
    if PDF in head:
        return _page_of(content, page, size)
    if page != 1:
        raise ValueError("a picture has one page")
    return _picture(content, size), 1


def _picture(content: BinaryIO, size: int) -> Image.Image:
    with Image.open(content, formats=DRAWN) as image:
        if _cost(image, size) > MOST_BYTES:
            raise ValueError("too many pixels")
        image.load()
        mode = "RGBA" if image.has_transparency_data else "RGB"
        found: Image.Image = image.convert(mode) if image.mode in {"1", "P", "PA"} else image
        if max(found.size) >= 2 * size:
            found = found.reduce(max(found.size) // size)  # in its own mode: another costs more
        if found.mode not in {"RGB", "RGBA"}:
            found = found.convert(mode)
        found.thumbnail((size, size))
        return ImageOps.exif_transpose(found)


def _cost(image: Image.Image, size: int) -> int:
    """About how many bytes reading the picture takes; a JPEG is told to read no more than needed."""
    pixels = image.width * image.height
    if image.format == "JPEG":
        whole = 4 * pixels if "progressive" in image.info else 0
        image.draft("RGB", (size, size))
        return whole + 4 * image.width * image.height
    if image.format == "WEBP":
        return 16 * pixels
    return (8 if image.has_transparency_data else 4) * pixels


def _page_of(content: BinaryIO, page: int, size: int) -> tuple[Image.Image, int]:
    import pypdfium2  # slow to import, and pictures need none of it

    document = pypdfium2.PdfDocument(content)
    document.init_forms()  # before a page is taken, or its fields and signatures stay blank
    pages = min(len(document), MOST_PAGES)
    if not 1 <= page <= pages:
        raise ValueError("there is no such page")
    found = document[page - 1]
    width, height = found.get_size()
    scale = size / max(width, height)
    if min(width, height) * scale < 1:
        raise ValueError("a page like a thread")
    return found.render(scale=scale).to_pil(), pages


def main() -> int:
    page, size = int(sys.argv[1]), int(sys.argv[2])
    limit()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # twice as many are an error
    image, pages = draw(sys.stdin.buffer, page, size)
    picture = io.BytesIO()
    image.save(picture, "WEBP", quality=QUALITY.get(size, 80), method=2, exif=b"", icc_profile=b"")
    told = {"pages": pages, "width": image.width, "height": image.height}
    with os.fdopen(1, "wb", closefd=False) as out:
        out.write(json.dumps(told).encode() + b"\n" + picture.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
