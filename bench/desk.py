"""What the driver must know of a made desk; it stands in `bench.json` beside the data."""

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

FILE = "bench.json"
ROOT = Path(__file__).resolve().parent.parent


@dataclass(slots=True)
class Desk:
    """A made desk: where it lies, who may come in, and what can be asked for there."""

    folder: Path
    tickets: int
    on_desk: int
    seed: int
    made_at: str
    database_url: str = ""
    password: str = ""
    administrator: str = ""
    agent: str = ""  # works in four departments
    newcomer: str = ""  # an agent whose department has no tickets
    customer: str = ""  # has many tickets and sees no others
    colleague: str = ""  # sees all tickets of the company
    token: str = ""
    numbers: list[str] = field(default_factory=list)  # of tickets that the agent sees
    waiting: list[str] = field(default_factory=list)  # tickets that an answer leaves where they are
    customer_numbers: list[str] = field(default_factory=list)
    customer_words: list[str] = field(default_factory=list)  # frequent ones, in their language
    project: str = ""  # identifier of the one that the customer belongs to
    rare_words: list[str] = field(default_factory=list)
    common_words: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    reply_addresses: list[str] = field(default_factory=list)  # with the customer, space between

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The desk that was made in a folder. Raises FileNotFoundError."""
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(**(told | {"folder": folder}))

    def write(self) -> None:
        told = asdict(self) | {"folder": None}
        path = self.folder / FILE
        path.touch(mode=0o600)
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that is to work on this desk, and on nothing else."""
        address = {"FIRSTLINE_DATABASE_URL": self.database_url} if self.database_url else {}
        return environment_of(self.folder) | address


def environment_of(folder: Path) -> dict[str, str]:
    """This process's environment with the desk in a folder as the only one."""
    others = ("FIRSTLINE_", "DJANGO_")
    kept = {name: it for name, it in os.environ.items() if not name.startswith(others)}
    return kept | {"FIRSTLINE_DATA": str(folder), "FIRSTLINE_LOG_LEVEL": "WARNING"}


def enter(environment: dict[str, str]) -> None:
    """Make this process one that works on the desk of this environment. Call it before any import
    of firstline's models.
    """
    os.environ.clear()
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="firstline.wiring.settings")
    import django

    django.setup()


def default_folder(tickets: int) -> Path:
    """Where a desk of this size lies if no folder is named."""
    return Path(tempfile.gettempdir()) / "firstline-bench" / str(tickets)
