"""Make the first administrator and the first department of an empty system, without questions."""

import argparse
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from firstline.cli.migrate import prepare


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument(
        "--address",
        help="mail address of the first department (default support@FIRSTLINE_MAIL_DOMAIN)",
    )


def command(options: argparse.Namespace) -> int:
    from firstline.mail.domains import check_system_address
    from firstline.people.directory import is_empty
    from firstline.tickets.actions.setup import set_up

    prepare()
    if not is_empty():
        print("Somebody works here already; use `firstline staff create`.", file=sys.stderr)
        return 1
    try:
        validate_password(options.password)
        if options.address:
            check_system_address(options.address)
        department = set_up(options.email, options.name, options.password, options.address)
    except ValidationError as problem:
        print("\n".join(problem.messages), file=sys.stderr)
        return 1
    print(f"{options.email} is the administrator; mail to {department.address} becomes tickets.")
    return 0
