"""Figures as tables of text."""

from collections.abc import Sequence

from bench.drive import Result, growth
from bench.pages import BARE

Row = Sequence[str]
HEAD = (
    "page",
    "p50 ms",
    "p95 ms",
    "CPU ms",
    "x bare",
    "1/s",
    "1/s by 4",
    "queries",
    "kB",
    "kB gzip",
)


def of(result: Result) -> str:
    """All pages of one desk, and its mail."""
    rows: list[Row] = [HEAD]
    for name, page in result.found.items():
        cells = (f"{page.p50:.1f}", f"{page.p95:.1f}", f"{page.cpu_ms:.1f}")
        speed = (
            f"{result.to_bare(name):.1f}",
            f"{page.a_second:.0f}",
            _some(page.a_second_at_once),
        )
        queries = "" if page.queries is None else str(page.queries)
        sizes = (
            (f"{page.size / 1000:.1f}", f"{page.packed / 1000:.1f}") if page.packed else ("", "")
        )
        rows.append((name, *cells, *speed, queries, *sizes))
    text = f"{result.desk.tickets} tickets, {result.desk.on_desk} of them on the desk\n"
    text += table(rows)
    text += (
        f"\nAt rest: {result.idle * 1000:.1f} ms of CPU a second. Memory: {result.memory:.0f} MB."
    )
    mail = result.mail
    if mail is None:
        return text
    return (
        f"{text}\nMails a second: {mail.taken:.0f} taken, {mail.digested:.0f} digested, "
        f"{mail.answered:.0f} with all that follows; {mail.cpu:.1f} ms of CPU each. "
        f"The parser alone: {mail.parsed:.0f} a second."
    )


def comparison(small: Result, big: Result) -> str:
    """How each page grows from the one to the other."""
    rows: list[Row] = [
        (
            "page",
            f"p50 at {small.desk.tickets}",
            f"at {big.desk.tickets}",
            "growth",
            "CPU growth",
            "x bare",
        )
    ]
    for name, factor in growth(small, big).items():
        one, other = small.found[name], big.found[name]
        cpu = f"{other.cpu_ms / one.cpu_ms:.2f}" if one.cpu_ms > 0.05 else ""
        bare = f"{small.to_bare(name):.1f} → {big.to_bare(name):.1f}"
        rows.append((name, f"{one.p50:.1f}", f"{other.p50:.1f}", f"{factor:.2f}", cpu, bare))
    return f"Growth (bare page: {BARE})\n{table(rows)}"


def table(rows: Sequence[Row]) -> str:
    """Columns as wide as their widest cell; the first to the left, numbers to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("  ".join((first.strip().ljust(widths[0]), *others)).rstrip())
    return "\n".join(lines)


def _some(number: float) -> str:
    return f"{number:.0f}" if number else ""
