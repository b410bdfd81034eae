"""The budgets of the desk, checked on a finished run: `python -m bench.budgets RESULT.json`.

Desk, ticket and register need at most 12 queries each, the customer's pages at most 10, and they
take at most 1.3 times as long at a million tickets as at ten thousand.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

MOST_QUERIES = {"desk": 12, "ticket": 12, "register": 12, "portal": 10}
MOST_GROWTH = 1.3
# What they show or sort grows with the customer, up to a bound: their figures are only shown.
FREE = ("portal, all by subject", "portal, company by status", "portal, company, a rare word")


def broken(run: dict[str, Any]) -> list[str]:
    """What exceeds its budget; `run` is what bench/__main__.py writes with --json."""
    problems = []
    for desk in run["desks"]:
        for name, page in desk["pages"].items():
            queries, most = page["queries"], _most_queries(name)
            if most and queries is not None and queries > most:
                problems.append(
                    f"{name} at {desk['tickets']} tickets: {queries} queries, at most {most}"
                )
    for name, growth in run.get("growth", {}).items():
        if _most_queries(name) and name not in FREE and growth > MOST_GROWTH:
            problems.append(f"{name}: grows {growth:.2f} times, at most {MOST_GROWTH}")
    return problems


def _most_queries(name: str) -> int:
    """The bound of this page, 0 for pages without a budget."""
    return next((most for start, most in MOST_QUERIES.items() if name.startswith(start)), 0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.budgets", description=__doc__)
    parser.add_argument("result", type=Path)
    options = parser.parse_args()
    problems = broken(json.loads(options.result.read_text(encoding="utf-8")))
    print("\n".join(problems) if problems else "All budgets are kept.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
