"""The `firstline` command. Each subcommand is a module of its own in this package."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from firstline.base.frames import in_one_piece

COMMANDS = {
    "run": "start the desk: web, mail and jobs",
    "setup": "make the first administrator and department of an empty system",
    "demo": "load the demo desk",
    "check": "report the state of everything needed; exit code 0 or 1",
    "staff": "make staff without a browser",
    "token": "make, list and revoke API tokens",
    "mail": "take a mail from standard input (for a pipe)",
    "import": "import mailboxes of the past: mbox, Maildir, .eml files",
    "migrate": "bring the database to this version",
}
MODULES = {"import": "imports"}  # where a command's name can't be a module's


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    os.umask(0o077)  # database, mail and files are their owner's alone, whatever the shell says
    parser = argparse.ArgumentParser(prog="firstline", description="The Firstline help desk.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    given = list(sys.argv[1:] if arguments is None else arguments)
    wanted = given[0] if given and given[0] in COMMANDS else None
    modules = {}
    for name, help_text in COMMANDS.items():
        sub = commands.add_parser(name, help=help_text, description=help_text)
        if name == wanted:  # only the chosen one is imported: starting must be quick
            modules[name] = importlib.import_module(f"firstline.cli.{MODULES.get(name, name)}")
            modules[name].arguments(sub)
    options = parser.parse_args(given)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.wiring.settings")
    import django  # after the settings are named

    django.setup()
    return int(in_one_piece(modules[options.command].command)(options) or 0)


if __name__ == "__main__":
    sys.exit(main())
