"""API tokens: made, listed and revoked. A secret is printed once and never again."""

import argparse
import sys
from datetime import datetime


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="make a token for one person")
    create.add_argument("--for", dest="email", required=True, help="mail address of the person")
    create.add_argument(
        "--scope",
        action="append",
        default=[],
        help="a permission (docs/permissions.md); `*` for all; may be repeated",
    )
    create.add_argument("--name", default="", help="what it is for")
    create.add_argument("--days", type=_number, help="how many days it works; left out: for ever")
    show = verbs.add_parser("list", help="tokens that are not revoked, with their last use")
    show.add_argument("--for", dest="email", help="of this person alone")
    revoke = verbs.add_parser("revoke", help="end a token at once")
    revoke.add_argument("id", type=_number, help="its number in the list")


def command(options: argparse.Namespace) -> int:
    return {"create": _create, "list": _list, "revoke": _revoke}[options.verb](options)


def _create(options: argparse.Namespace) -> int:
    from firstline.people.actions.tokens import MOST_DAYS, NoScope, UnknownScope, create_token

    person = _person(options.email)
    if person is None:
        return 1
    if options.days is not None and not 1 <= options.days <= MOST_DAYS:
        print(f"A token works for 1 to {MOST_DAYS} days.", file=sys.stderr)
        return 1
    try:
        secret = create_token(person, options.scope, options.name, days=options.days)
    except NoScope:
        print(
            "Name at least one --scope; `--scope '*'` is all that the person may.", file=sys.stderr
        )
        return 1
    except UnknownScope as problem:
        print(f"No such scope: {problem}.", file=sys.stderr)
        return 1
    print(f"Token for {person.email}: {secret}")
    return 0


def _list(options: argparse.Namespace) -> int:
    from firstline.people import tokens
    from firstline.people.access import SYSTEM

    person = _person(options.email) if options.email else None
    if options.email and person is None:
        return 1
    after: int | None = 0
    while after is not None:
        page = tokens.page(SYSTEM, after=after, size=100, person=person)
        for one in page.rows:
            expires = f"expires {_day(one.expires_at)}" if one.expires_at else "never expires"
            used = f"last used {_day(one.last_used_at)}" if one.last_used_at else "never used"
            told = [str(one.pk), one.person.email, one.name or "-", ",".join(one.scopes)]
            state = "expired" if one.is_over else expires
            print("\t".join([*told, f"made {_day(one.created_at)}", used, state]))
        after = page.next
    return 0


def _revoke(options: argparse.Namespace) -> int:
    from firstline.people.access import SYSTEM, NotFound
    from firstline.people.actions.tokens import revoke

    try:
        token = revoke(SYSTEM, options.id, via="cli")
    except NotFound:
        print(f"There is no token {options.id} that works.", file=sys.stderr)
        return 1
    print(f"Token {token.pk} of {token.person.email} is revoked.")
    return 0


def _person(email: str):  # type: ignore[no-untyped-def]  # models are imported after the settings
    from firstline.people.directory import by_email

    person = by_email(email)
    if person is None:
        print(f"There is nobody with the address {email}.", file=sys.stderr)
    return person


def _day(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC") if moment else ""


def _number(text: str) -> int:
    from firstline.base.ids import read_number

    found = read_number(text)
    if found is None:
        raise argparse.ArgumentTypeError("expected a number")
    return found
