"""Write the pages of docs/ that are made from the code: `python docs/make.py`.

A test holds them against the code (tests/architecture/test_docs.py).
"""

from pathlib import Path

from pydantic_core import PydanticUndefined

from firstline.people.roles import CUSTOMER, LEVELS, Permission
from firstline.wiring.configuration import Configuration

HERE = Path(__file__).resolve().parent


def configuration() -> str:
    """The environment variables, their defaults and what they mean."""
    lines = [
        "# Configuration",
        "",
        "Environment variables, all checked at start; a wrong one is named.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Configuration.model_fields.items():
        default = field.default if field.default is not PydanticUndefined else "[]"
        shown = f"`{default}`" if default != "" else "unset"
        lines.append(f"| `FIRSTLINE_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


def permissions() -> str:
    """Which access level may do what (product 1.2)."""
    columns = {**{level.value: granted for level, granted in LEVELS.items()}, "customer": CUSTOMER}
    lines = [
        "# Permissions",
        "",
        "Made from `people/roles.py`. Whatever the permission: staff reach the tickets of their",
        "departments, customers their own (and their company's, where they may).",
        "By mail everybody acts as a customer.",
        "",
        f"| permission | {' | '.join(columns)} |",
        f"|---|{'---|' * len(columns)}",
    ]
    for permission in Permission:
        marks = " | ".join("yes" if permission in granted else "" for granted in columns.values())
        lines.append(f"| `{permission.value}` | {marks} |")
    return "\n".join(lines) + "\n"


PAGES = {"configuration.md": configuration, "permissions.md": permissions}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
        print(name)
