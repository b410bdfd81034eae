"""Measure: `python -m bench` (10 thousand tickets), `--tickets 1000000`, or `--compare A B`.

A desk that is not there yet is made first (bench/make.py). Replies and mails of a run stay on the
desk; delete its folder to begin anew. The exit code is 1 where a budget is broken.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from bench.budgets import broken
from bench.desk import FILE, ROOT, Desk, default_folder
from bench.drive import Result, drive, growth
from bench.report import comparison, of


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    folders = options.compare or [options.data or default_folder(options.tickets)]
    for folder in folders:
        if not (folder / FILE).exists():
            if options.compare:
                print(f"There is no made desk in {folder}.", file=sys.stderr)
                return 1
            _make(folder, options.tickets, options.open)
    desks = [Desk.read(folder.resolve()) for folder in folders]
    results = drive(
        desks, requests=options.requests, mails=options.mails, only=options.only, say=_say
    )
    run = _run(results)
    _show(results)
    if options.json:
        options.json.write_text(json.dumps(run, indent=1), encoding="utf-8")
    problems = broken(run)
    print("\n".join(["Budgets broken:", *problems]) if problems else "All budgets are kept.")
    return 1 if problems else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000, help="size of the desk (10000)")
    parser.add_argument("--data", type=Path, help="its folder (default: a temporary one)")
    parser.add_argument("--open", type=int, default=1000, help="tickets on a new desk (1000)")
    parser.add_argument(
        "--compare", type=Path, nargs=2, metavar=("SMALL", "BIG"), help="folders of two made desks"
    )
    parser.add_argument("--requests", type=int, default=100, help="for each page (100)")
    parser.add_argument("--mails", type=int, default=100, help="for the intake (100); 0: none")
    parser.add_argument("--only", nargs="+", default=[], metavar="PAGE", help="beginnings of names")
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    return parser.parse_args(arguments)


def _make(folder: Path, tickets: int, on_desk: int) -> None:
    """Make the desk in a process of its own, which the settings of this one do not disturb."""
    command = [sys.executable, "-m", "bench.make", "--tickets", str(tickets), "--data", str(folder)]
    subprocess.run([*command, "--open", str(on_desk)], cwd=ROOT, env=os.environ, check=True)


def _run(results: list[Result]) -> dict[str, object]:
    run: dict[str, object] = {"desks": [result.told() for result in results]}
    if len(results) == 2:
        run["growth"] = growth(*results)
    return run


def _show(results: list[Result]) -> None:
    parts = [of(result) for result in results]
    if len(results) == 2:
        parts.append(comparison(*results))
    print("\n" + "\n\n".join(parts) + "\n")


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
