"""The demo desk: one believable story in three languages, loaded on request or at the first start."""

import argparse
import secrets
import sys
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def command(options: argparse.Namespace) -> int:
    from firstline.cli.migrate import prepare
    from firstline.people.directory import is_empty

    prepare()
    if not is_empty():
        print("Somebody works here already; the demo desk is for an empty system.", file=sys.stderr)
        return 1
    load(print)
    return 0


def first_start(say: Callable[[str], None]) -> None:
    """Load the demo desk into an empty system that only this machine can reach, and print the sign-ins."""
    from firstline.people.directory import is_empty

    notes = Path(settings.DATA) / "demo-sign-ins.txt"
    if is_empty():
        if not _is_loopback(settings.CONFIGURATION.host):
            say("No demo desk: others could reach it. Use `firstline setup` instead.")
            return
        load(say)
    elif notes.exists():
        say(notes.read_text().rstrip())


def load(say: Callable[[str], None]) -> None:
    """Fill an empty system with the story and print who can sign in."""
    from firstline.cli.demo.load import Story

    say("Loading the demo desk …")
    password = secrets.token_urlsafe(9)
    people = Story(password).load(say)
    lines = ["Demo sign-ins, all with the password " + password]
    lines += [f"  {email:<44} {what}" for email, what in people]
    notes = Path(settings.DATA) / "demo-sign-ins.txt"
    notes.touch(mode=0o600)
    notes.write_text("\n".join(lines) + "\n")
    say("\n".join(lines))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
