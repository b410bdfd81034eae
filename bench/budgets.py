"""The budgets of the desk, checked on a finished run: `python -m bench.budgets RESULT.json`.

Desk, ticket and register need at most 12 queries each, and take at most 1.3 times as long at a
million tickets as at ten thousand.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

MOST_QUERIES = 12
MOST_GROWTH = 1.3
PAGES = ("desk", "ticket", "register")


def broken(run: dict[str, Any]) -> list[str]:
    """What exceeds its budget; `run` is what bench/__main__.py writes with --json."""
    problems = []
    for desk in run["desks"]:
        for name, page in desk["pages"].items():
            queries = page["queries"]
            if _has_budget(name) and queries is not None and queries > MOST_QUERIES:
                problems.append(
                    f"{name} at {desk['tickets']} tickets: {queries} queries, at most {MOST_QUERIES}"
                )
    for name, growth in run.get("growth", {}).items():
        if _has_budget(name) and growth > MOST_GROWTH:
            problems.append(f"{name}: grows {growth:.2f} times, at most {MOST_GROWTH}")
    return problems


def _has_budget(name: str) -> bool:
    return name.startswith(PAGES)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.budgets", description=__doc__)
    parser.add_argument("result", type=Path)
    options = parser.parse_args()
    problems = broken(json.loads(options.result.read_text(encoding="utf-8")))
    print("\n".join(problems) if problems else "All budgets are kept.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
