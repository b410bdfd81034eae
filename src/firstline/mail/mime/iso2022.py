"""Japanese in seven bits as Windows writes it (ISO-2022-JP with the signs of code page 932).

The codec of the standard library refuses the rows that NEC and IBM added to JIS X 0208, where № and ①
stand; its codec for Shift JIS knows them, and both number the same table.
"""

import re

_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_PAIRS = re.compile(rb"((?:[\x21-\x7e]{2})+)")


def is_japanese(data: bytes) -> bool:
    """Whether one of the escapes to Japanese letters is in `data`."""
    return b"\x1b$B" in data or b"\x1b$@" in data or b"\x1b(I" in data


def decode(data: bytes) -> str:
    """The text of `data`; what is no letter of the table is left out. Linear time, never raises."""
    first, *pieces = _ESCAPE.split(data)
    out = [first.decode("ascii", "ignore")]
    for escape, piece in zip(pieces[::2], pieces[1::2], strict=True):
        if escape.startswith(b"$"):
            out += [_table(part) for part in _PAIRS.split(piece)]
        elif escape == b"(I":
            out.append(
                bytes(byte | 0x80 if byte > 0x20 else byte for byte in piece).decode(
                    "cp932", "ignore"
                )
            )
        else:
            out.append(piece.decode("ascii", "ignore"))
    return "".join(out)


def _table(piece: bytes) -> str:
    """Pairs of row and cell as Shift JIS numbers them; blanks and line breaks as they are."""
    if not _PAIRS.fullmatch(piece):
        return piece.decode("ascii", "ignore")
    shifted = bytearray()
    for row, cell in zip(piece[::2], piece[1::2], strict=True):
        lead = (row - 0x21) // 2 + 0x81
        shifted.append(lead if lead <= 0x9F else lead + 0x40)
        shifted.append(cell + (0x1F + (cell >= 0x60) if row % 2 else 0x7E))
    return shifted.decode("cp932", "ignore")
