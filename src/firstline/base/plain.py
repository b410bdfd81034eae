r"""HTML as plain text and plain text as HTML. Import these from `base.html`.

Own code instead of html2text: that one is GPL, escapes Markdown signs in every text without a
switch ("1\\. June"), and takes four times as long.
"""

import re
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe

_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>|([^<]+)|<")
_BLANKS = re.compile(r"[ \t\r\n\u00a0]+")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ATTRIBUTE = re.compile(r' (href|alt|start|value|type)="([^"]*)"')
# A soft hyphen, a place for a break, a forbidden break, a byte order mark: they cut words unseen.
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "pre", "table"}
_LINES = {"div", "tr", "li", "dt", "dd", "address", "center", "caption", "figure", "figcaption"}
_DEEPEST = 20
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def to_text(html: str) -> str:
    """Plain text of HTML that `clean` made: quotes with "> ", link targets in angle brackets.

    Linear time. Paragraphs stand apart by one empty line.
    """
    writer = _Writer()
    for slash, tag, attributes, text in _TOKEN.findall(html):
        if not tag:
            writer.text(text)
        elif slash:
            writer.close(tag)
        else:
            writer.open(tag, attributes)
    return writer.result()


def _number(value: str, otherwise: int) -> int:
    return int(value) if re.fullmatch(r"\s*[+-]?\d{1,9}\s*", value) else otherwise


def _numeral(number: int, form: str) -> str:
    """A number of a list as a browser shows it: 4, d, D, iv or IV."""
    if form in ("a", "A") and number > 0:
        letters = ""
        while number:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord(form) + letter) + letters
        return letters
    if form in ("i", "I") and 0 < number < 4000:
        text = ""
        for value, roman in _ROMAN:
            text += roman * (number // value)
            number %= value
        return text if form == "I" else text.lower()
    return str(number)


class _Writer:
    """Lines of text, growing as tags and text come in."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.indent = ""
        self.gap = 0
        self.quotes = 0
        # of a numbered list its last number and its form, None for one with dots
        self.lists: list[tuple[int, str] | None] = []
        self.is_after_image = False
        self.preformatted = 0
        self.targets: list[tuple[str, int, int]] = []

    def result(self) -> str:
        self._end_line()
        return "\n".join(self.lines)

    def text(self, text: str) -> None:
        text = INVISIBLE.sub("", CONTROLS.sub("", unescape(text)) if "&" in text else text)
        if self.preformatted:
            first, *others = text.replace("\r", "").split("\n")
            self.line.append(first)
            for other in others:
                self._break()
                self.line.append(other)
            return
        text = _BLANKS.sub(" ", text)
        if self.is_after_image and text[:1].isalnum():
            text = " " + text
        self.is_after_image = self.is_after_image and not text
        if text != " " or self.line:
            self.line.append(text)

    def open(self, tag: str, attributes: str) -> None:
        if tag == "br":
            self._break()
        elif tag == "a":
            target = _ATTRIBUTE.search(attributes)
            self.targets.append(
                (unescape(target[2]) if target else "", len(self.lines), len(self.line))
            )
        elif tag == "img":
            self._image(dict(_ATTRIBUTE.findall(attributes)).get("alt", ""))
        elif tag == "hr":
            self._end_line(apart=True)
            self.line.append("_" * 20)
            self._end_line(apart=True)
        elif tag in _APART or tag in _LINES:
            self._end_line(apart=tag in _APART and not (tag in ("ul", "ol") and self.lists))
            self._enter(tag, dict(_ATTRIBUTE.findall(attributes)))

    def _image(self, description: str) -> None:
        """What a picture shows, apart from the words beside it."""
        before = "".join(self.line[-1:])[-1:]
        if description.strip():
            self.text(description if before in " ([«„" else f" {description}")
            self.is_after_image = True

    def _enter(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag in ("ul", "ol"):
            start = _number(attributes.get("start", ""), 1) - 1
            self.lists.append((start, attributes.get("type", "1")) if tag == "ol" else None)
        elif tag == "li":
            numbered = self.lists[-1] if self.lists else None
            mark = "-"
            if numbered is not None:
                last, form = numbered
                number = _number(attributes.get("value", ""), last + 1)
                self.lists[-1] = number, form
                mark = f"{_numeral(number, form)}."
            self.indent = "  " * min(max(len(self.lists) - 1, 0), _DEEPEST)
            self.line.append(f"{mark} ")

    def close(self, tag: str) -> None:
        if tag == "a" and self.targets:
            self._end_link(*self.targets.pop())
        elif tag in ("td", "th"):
            self.text(" ")
        elif tag in _APART or tag in _LINES:
            self._leave(tag)

    def _leave(self, tag: str) -> None:
        self._end_line()
        if tag == "blockquote":
            self.quotes -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        self.gap = max(self.gap, int(tag in _APART and not self.lists))

    def _end_link(self, target: str, lines: int, pieces: int) -> None:
        shown = "".join(self.line[pieces if lines == len(self.lines) else 0 :]).strip()
        bare = target.removeprefix("mailto:").partition("://")[2].rstrip("/") or target[7:]
        if (
            shown
            and bare
            and bare not in (shown.rstrip("/"), shown.partition("://")[2].rstrip("/"))
        ):
            self.line.append(f" <{target.removeprefix('mailto:')}>")

    def _break(self) -> None:
        """A line break: an empty line where there is nothing on the line yet."""
        if "".join(self.line).strip():
            self._end_line()
        else:
            self.line = []
            self.gap = 1

    def _end_line(self, *, apart: bool = False) -> None:
        text = "".join(self.line).rstrip()
        self.line = []
        if not self.preformatted:
            text = self.indent + text.lstrip()
        if text.strip(" -"):
            self.indent = ""
            prefix = "> " * min(self.quotes, _DEEPEST)
            if self.gap and self.lines:
                self.lines.append(prefix.rstrip() if self.lines[-1].startswith(">") else "")
            self.lines.append(prefix + text)
            self.gap = 0
        self.gap = max(self.gap, int(apart))


_BREAKS = _LINES | _APART | {"br", "hr"}
_HIDDEN = {"script", "style", "title"}
_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]{0,20}")
_SPACES = re.compile(r"[ \t\u00a0]+$", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n{3,}")


def stripped(html: str) -> str:
    """The text between the tags of any HTML, for what is too big or too deep to parse; linear."""
    first, *pieces = html.split("<")
    out = [first]
    inside = ""
    for piece in pieces:
        if inside == "!":
            _, ends, piece = piece.partition("-->")
            inside = "" if ends else "!"
            out.append(piece)
            continue
        tag, closed, text = piece.partition(">")
        name = match[0].lower() if (match := _NAME.match(tag)) else ""
        if inside:
            if name == "/" + inside:
                inside = ""
                out.append(text)
        elif tag.startswith("!--"):
            _, ends, text = piece.partition("-->")
            inside = "" if ends else "!"
            out.append(text)
        elif not closed or not (name or tag.startswith(("!", "?"))):
            out.append("<" + piece)
        else:
            inside = name if name in _HIDDEN else ""
            out.append("\n" if name.lstrip("/") in _BREAKS else "")
            out.append("" if inside else text)
    text = unescape("".join(out)).replace("\x00", "")
    return _EMPTY_LINES.sub("\n\n", _SPACES.sub("", text)).strip("\n")


_LINK = re.compile(
    r"(?P<web>\bhttps?://[^\s<>\"\u00ab\u00bb\u201c\u201d]{1,2000})"
    r"|(?<![\w.+%-])(?P<mail>[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})",
    re.IGNORECASE,
)
_REL = 'rel="noopener noreferrer nofollow" target="_blank"'
_TAIL = ".,;:!?'*_"


def link(text: str) -> SafeString:
    """Plain text as HTML: escaped, http(s) and mail addresses as links, line breaks kept; linear."""
    # most lines of a long text have none of the signs of an address, which costs less to see
    lines = (
        _line(line) if "@" in line or "://" in line else escape(line) for line in text.split("\n")
    )
    return mark_safe("<br>\n".join(lines))  # noqa: S308 - every piece of it is escaped


def _line(text: str) -> str:
    out: list[str] = []
    position = 0
    for match in _LINK.finditer(text):
        out.append(escape(text[position : match.start()]))
        shown = _without_tail(match[0])
        scheme = "mailto:" if match["mail"] else ""
        out.append(f'<a href="{scheme}{escape(shown)}" {_REL}>{escape(shown)}</a>')
        position = match.start() + len(shown)
    out.append(escape(text[position:]))
    return "".join(out)


def _without_tail(url: str) -> str:
    """A link without the punctuation of the sentence around it; a bracket it opened stays."""
    end = len(url.rstrip(_TAIL))
    spare = {")": url.count(")") - url.count("("), "]": url.count("]") - url.count("[")}
    while end > 1 and (url[end - 1] in _TAIL or spare.get(url[end - 1], 0) > 0):
        spare[url[end - 1]] = spare.get(url[end - 1], 0) - 1
        end -= 1
    return url[:end]
