"""The one sanitiser: foreign HTML made safe, HTML as text, text as HTML.

What is stored is what is seen: nothing that hides text survives (quality C24), so that a quoted
reply shows what the reader saw. No outside address is ever fetched (C23, C25): a remote image keeps
its address in `data-src` only. Cost is bounded before the parser runs (trap 3 of dependencies.md).
"""

import re
from html import escape, unescape
from urllib.parse import unquote

import nh3

from . import css
from .plain import CONTROLS, link, stripped, to_text

__all__ = ["clean", "link", "to_text"]

SIZE = 512 * 1024
"""Characters of HTML that are parsed; longer ones are shown as their text."""

DEPTH = 2_000
"""Elements inside one another that are parsed (nh3 takes time quadratic in it)."""

REOPENED = 500_000
"""Open formatting elements times tags: the parser opens them again in each block below."""

PICTURE = 64 * 1024
"""Characters of a data: image."""

_TAGS = {
    "a", "abbr", "address", "b", "big", "blockquote", "br", "caption", "center", "cite", "code",
    "col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure", "font",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
}  # fmt: skip
_WITHOUT_CONTENT = {
    "script", "style", "title", "noscript", "template", "iframe", "object", "embed", "svg", "math",
    "select", "textarea", "audio", "video", "canvas",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"style", "title", "align", "valign"},
    "a": {"href"},
    "img": {"src", "data-src", "alt", "width", "height"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "tr": {"bgcolor"},
    "td": {"colspan", "rowspan", "width", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "scope", "bgcolor"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "ul": {"type"},
}
# Marks that mail programs put on quoted text: kept, for `mail.mime.quotes_html` to find.
_QUOTE_MARKS = {
    "div": {
        "id": {
            f"{again}{mark}"
            for mark in (
                "appendonsend",
                "divRplyFwdMsg",
                "mail-editor-reference-message-container",
                "ms-outlook-mobile-reference-message",
            )
            for again in ("", "x_", "x_x_", "x_x_x_")  # as Outlook marks what it quotes
        },
    },
    "blockquote": {"type": {"cite"}},
}
_QUOTE_CLASSES = {
    "div": {
        "gmail_quote", "gmail_quote_container", "gmail_attr", "moz-cite-prefix", "yahoo_quoted",
        "moz-forward-container", "protonmail_quote",
    },
    "blockquote": {"gmail_quote", "protonmail_quote"},
}  # fmt: skip
_LINKS = ("http://", "https://", "mailto:", "tel:")
_REMOTE = "firstline-remote:"
_KEPT = "firstline-kept:"
# Addresses that no page may lead to, as file:, tg: or \\\\server\\share, are read beside their words.
_FOREIGN = re.compile(
    r"(\bhref\s{0,5}=\s{0,5}[\"']?\s{0,5})(?!(?:https?|mailto|tel|cid|data|javascript|vbscript|about|blob):)"
    r"(?=[a-z][a-z0-9+.-]{1,30}:[^\s\"'>]|\\\\)",
    re.IGNORECASE,
)
_KEPT_LINK = re.compile(
    rf'<a(?:[^">]|"[^"]*")*? href="{_KEPT}([^"]*)"(?:[^">]|"[^"]*")*>(.*?)</a>', re.DOTALL
)
_DATA_IMAGE = re.compile(r"data:image/(?:png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]*")

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_FORMATTING = {
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
}  # fmt: skip
# End tags of these may be left out, so that many of them are no depth; the others never have one.
_NO_DEPTH = {
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup",
    "br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "embed", "source",
    "html", "head", "body",
}  # fmt: skip


def clean(html: str) -> str:
    """Foreign HTML as a fragment that is safe to show; never slow, never raises.

    Allowed tags and attributes only; links open outside, with no referrer; `cid:` and small `data:`
    images stay, remote ones become `<img data-src=…>`. HTML beyond the bounds comes back as its
    escaped text: nothing is cut.
    """
    if not _affordable(html):
        return "<div>" + escape(CONTROLS.sub("", stripped(html))).replace("\n", "<br>\n") + "</div>"
    html = _FOREIGN.sub(rf"\1{_KEPT}", CONTROLS.sub("", html))
    safe = _CLEANER.clean(html).replace(f' src="{_REMOTE}', ' data-src="')
    if _KEPT in safe:
        safe = _KEPT_LINK.sub(_as_words, safe).replace(_KEPT, "")
    return CONTROLS.sub("", safe)  # again: `&#1;` is a control as well


def _as_words(link: re.Match[str]) -> str:
    """What was a link, with its target behind it where its words do not say it."""
    target = unescape(link[1])
    says_it = target.rstrip("/") in unescape(re.sub(r"<[^>]*>", "", link[2]))
    return link[2] if says_it else f"{link[2]} &lt;{escape(target)}&gt;"


def content_id(reference: str) -> str:
    """The content id behind `cid:` or in Content-ID, as the two are compared: a `cid:` address is
    percent-coded (RFC 2392), and mailers differ in brackets, blanks and capitals."""
    return " ".join(unquote(unescape(reference)).strip("<> ").split()).lower()


def _affordable(html: str) -> bool:
    """Whether the parser's work on this stays small, told from the tags alone."""
    if len(html) > SIZE:
        return False
    if len(html) < 2 * 1024:
        return True
    depth = formatting = worst = tags = 0
    for slash, name in _TAG.findall(html):
        name = name.lower()
        tags += 1
        if name in _NO_DEPTH:
            continue
        step = -1 if slash else 1
        depth = max(depth + step, 0)
        if depth > DEPTH:
            return False
        if name in _FORMATTING:
            formatting = max(formatting + step, 0)
            worst = max(worst, formatting)
    return worst * tags <= REOPENED


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What becomes of one attribute that the allow-list lets through."""
    if name == "style":
        return css.style(value) if len(value) <= 2_000 else None
    if name == "color":
        return value if css.is_dark(value.lower().strip()) else None
    if name == "bgcolor":
        return value if css.is_light(value.lower().strip()) else None
    if name in ("start", "value"):
        return value if re.fullmatch(r"\s*[+-]?\d{1,9}\s*", value) else None
    if name == "src":
        return _source(value.strip())
    if name == "data-src":  # from an earlier cleaning, or a picture that a script would have loaded
        return value if value[:8].lower().startswith(("http://", "https://")) else None
    if name == "href":
        return value if value.strip()[:15].lower().startswith((*_LINKS, _KEPT)) else None
    if name in ("width", "height", "border", "size", "cellpadding", "cellspacing"):
        return value if css.is_size(name, value) else None
    return value


def _source(value: str) -> str | None:
    start = value[:40].lower()
    if start.startswith("cid:"):
        return "cid:" + value[4:]
    if start.startswith("data:"):
        return value if len(value) <= PICTURE and _DATA_IMAGE.fullmatch(value) else None
    if start.startswith(("http://", "https://")):
        return _REMOTE + value
    return None


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_WITHOUT_CONTENT,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    tag_attribute_values=_QUOTE_MARKS,
    allowed_classes=_QUOTE_CLASSES,
    url_schemes={_KEPT[:-1], "http", "https", "mailto", "tel", "cid", "data"},
    filter_style_properties=css.PROPERTIES,
    url_relative="deny",
)
