"""Where another's mail begins in the HTML of a mail, by the marks that mail programs put on it."""

import re

from firstline.base.html import to_text

from . import quotes

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>")
_EMPTY = re.compile(r"<[^<>]*>|&nbsp;|\s")
_VOID = {"br", "img", "hr", "col"}
# What begins another's mail and lasts to the end of the HTML, by mail program; Outlook puts x_ before
# the marks of what it quotes.
_TO_THE_END = re.compile(
    r'<div[^<>]*(?:id="(?:x_)*(?:appendonsend|divRplyFwdMsg|mail-editor-reference-message-container'
    r'|ms-outlook-mobile-reference-message)"'
    r'|style="border:none;border-top:solid )'
)
# People answer between what follows this one, so it counts where all below it may go.
_PREFIX = re.compile(r'<div[^<>]*class="[^"]*moz-cite-prefix')
# What holds another's mail inside: Gmail, Apple, Thunderbird, Yahoo, Yandex, mail.ru, Proton.
_HOLDER = re.compile(
    r'<(?:div|blockquote)[^<>]*class="[^"]*(?:gmail_quote|yahoo_quoted|protonmail_quote)'
    r'|<blockquote[^<>]*type="cite"'
)
# A rule, and below it the header of a mail: names in bold type with a colon, whatever the language.
_RULE = re.compile(r"<hr\b|border-top: ?(?:solid|\d)")
_BOLD = re.compile(
    r"<(?:b|strong)\b[^<>]{0,200}>(?:<[^<>]{0,200}>|\s){0,6}[^<>:：]{1,36}"
    r"(?:[:：]|(?:</[a-z]{1,10}>|&nbsp;|\s){1,6}[:：])"
)
_RULE_LAST = re.compile(r"<hr\b[^<>]*>(?:</?(?:div|p|span)\b[^<>]{0,200}>|\s|&nbsp;)*\Z")
_MOMENT = re.compile(r"@|\d{1,2}[:.]\d\d")
_RULES = 50  # that are looked at
_HEADER = 6_000  # letters of HTML in which a header must stand
_BOLD_NAMES = 4


def split_html(html: str) -> tuple[str, str]:
    """`split` for HTML that `base.html.clean` made: both halves well-formed, all content in them.

    Elements open at the cut are closed in the first half and opened again in the second. ("", "")
    never comes back for a filled `html`: without a mark, or with text below the quote, it is whole.
    """
    prefix = _PREFIX.search(html)
    cut = min(_mark(html), _header_below_rule(html), prefix.start() if prefix else len(html))
    holder = _HOLDER.search(html, 0, cut)
    if holder and not _EMPTY.sub("", html[_element_end(html, holder.start()) : cut]):
        cut = holder.start()
    return _cut(html, _with_rule(html, cut))


def _mark(html: str) -> int:
    """Where another's mail begins, that lasts to the end, as its program marks it; else the length."""
    mark = _TO_THE_END.search(html)
    return mark.start() if mark else len(html)


def _with_rule(html: str, cut: int) -> int:
    """Where the rule right above `cut` stands, or `cut`."""
    ruled = _RULE_LAST.search(html, max(cut - _HEADER, 0), cut)
    return ruled.start() if ruled else cut


def _cut(html: str, cut: int) -> tuple[str, str]:
    if cut >= len(html) or not _EMPTY.sub("", html[:cut]):
        return html, ""
    opened: list[tuple[str, str]] = []
    for tag in _TAG.finditer(html, 0, cut):
        if tag[1] and opened:
            opened.pop()
        elif not tag[1] and tag[2] not in _VOID:
            opened.append((tag[2], tag[0]))
    closing = "".join(f"</{name}>" for name, _ in reversed(opened))
    return html[:cut] + closing, "".join(tag for _, tag in opened) + html[cut:]


def _element_end(html: str, start: int) -> int:
    """Where the element that begins at `start` ends."""
    depth = 0
    for tag in _TAG.finditer(html, start):
        if tag[2] not in _VOID:
            depth += -1 if tag[1] else 1
            if depth == 0:
                return tag.end()
    return len(html)


def _header_below_rule(html: str) -> int:
    """Where the rule above a repeated header stands; the length where there is none."""
    for count, rule in enumerate(_RULE.finditer(html)):
        if count >= _RULES:
            break
        below = html[html.find(">", rule.start()) + 1 :][:_HEADER]
        names = [name.start() for name in _BOLD.finditer(below)]
        if len(names) < _BOLD_NAMES or _EMPTY.sub("", below[: names[0]]):
            continue
        if _MOMENT.search(_EMPTY.sub(" ", below[: names[-1]])):
            return html.rfind("<", 0, rule.start() + 1)
    return len(html)


def split_both(text: str, html: str) -> tuple[str, str]:
    """`quotes.split` of a text, cut where the HTML of the same mail is marked as another's.

    Names in bold below a rule are no such mark: forms are written so. A mail that is passed on, and a
    text that says something else than the HTML, go by the text alone.
    """
    cut = _text_cut(text, _cut(html, _with_rule(html, _mark(html))))
    rest = text[cut:].lstrip()
    if cut >= len(text) or rest.startswith("---") or not text[:cut].strip():
        return quotes.split(text)
    written, folded = quotes.split(text[:cut])
    return written, folded + text[cut:]


def own_text(text: str, html: str) -> str:
    """What stands above anything that the HTML of the mail marks as another's."""
    halves = split_html(html)
    if not halves[1]:
        return text
    cut = _text_cut(text, halves)
    return text[:cut] if cut < len(text) else to_text(halves[0])


def _text_cut(text: str, halves: tuple[str, str]) -> int:
    """Where the second half begins in the text; the length where it does not say the same."""
    if not halves[1]:
        return len(text)
    said = "".join(to_text(halves[0]).split())
    found = 0
    for match in re.finditer(r"\S+", text):
        if not said.startswith(match[0], found):
            return match.start() if found == len(said) else len(text)
        found += len(match[0])
    return len(text)
