"""Make staff without a browser."""

import argparse
import secrets
import sys


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="make one member of staff")
    create.add_argument("--email", required=True)
    create.add_argument("--name", required=True)
    create.add_argument(
        "--level", required=True, choices=["administrator", "supervisor", "agent", "observer"]
    )
    create.add_argument(
        "--department", action="append", default=[], help="name or mail address; may be repeated"
    )
    create.add_argument("--password", help="unset: one is made and printed")


def command(options: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError

    from firstline.people.actions.people import Taken
    from firstline.tickets.actions.staff import UnknownDepartment, hire

    password = options.password or secrets.token_urlsafe(9)
    try:
        hire(options.email, options.name, options.level, options.department, password)
    except Taken:
        print(f"There is somebody with the address {options.email} already.", file=sys.stderr)
        return 1
    except UnknownDepartment as problem:
        print(f"There is no department {problem}.", file=sys.stderr)
        return 1
    except ValidationError as problem:
        print("\n".join(problem.messages), file=sys.stderr)
        return 1
    print(f"{options.email} can sign in" + ("." if options.password else f" with {password}"))
    return 0
