#!/usr/bin/env python3
"""Run, test and check Firstline from a checkout: `python3 launch.py help`.

Makes the environment in `.venv` from the hashed locks in `requirements/` and starts what was
asked for. The Makefile only calls this file. Standard library only, and no syntax newer than
Python 3.6: an old Python must be able to read it far enough to say that it is too old.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11")

HOME = Path(__file__).resolve().parent
VENV = HOME / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "firstline-installed.json"
LOCKS = {"run": "requirements/run.txt", "dev": "requirements/dev.txt"}
UV_LOCK = "requirements/uv.txt"
PROGRAMS = {
    "install": [],
    "run": ["firstline", "run", "--demo"],
    "demo": ["firstline", "demo"],
    "bench": ["python", "-m", "bench"],
}
STYLE = ("ruff check", "ruff format --check")
CHECKS = (*STYLE, "lint-imports --no-logo", "mypy", "pytest -q tests/architecture")

HELP = """\
make run        start Firstline with its demo desk on this machine
make test       run all tests, on SQLite and then on PostgreSQL
                  ENGINE=sqlite|postgresql for one of them, ARGS="-k reply" for pytest
make lint       style, types, import directions, architecture, message catalogues
make bench      measure; ARGS go to the driver
make demo       load the demo desk into the data folder
make install    make the environment in .venv, start nothing
make messages   collect the strings to translate and check the catalogues (needs gettext)
make lock       solve the dependencies again; ARGS="--upgrade" takes newer ones
make help       this list

Without make: python3 launch.py run | test | lint | bench | demo | install | messages | lock
"""


class Stop(Exception):
    """Something is missing or failed; the text says what, and what to do about it."""


def use_new_python(arguments: "list[str]") -> None:
    """Go on with this Python if it is new enough, else with a newer one from PATH, else stop."""
    if sys.version_info >= OLDEST:
        return
    this = sys.version.split()[0]
    for name in NEWER_PYTHONS:
        path = shutil.which(name)
        if path and answers(path):
            say(f"this is Python {this}, going on with {name}")
            os.execv(path, [path, str(Path(__file__).resolve()), *arguments])
    raise Stop(
        f"Firstline needs Python 3.11 or newer, this is {this} ({sys.executable}).\n"
        "Install a newer one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew "
        "install python@3.13)\nand name it if it is not on PATH: "
        "make run PYTHON=/path/to/python3"
    )


def answers(python: str) -> bool:
    """Whether this Python works: version managers leave names that only print an error."""
    check = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    if not os.path.exists(python):
        return False
    nowhere = subprocess.DEVNULL
    return subprocess.call([python, "-c", check], stdout=nowhere, stderr=nowhere) == 0


def need_modules() -> None:
    """Stop with the package to install if this Python came without a part that we need."""
    for name in ("venv", "ensurepip", "_ssl", "_sqlite3"):
        if importlib.util.find_spec(name) is None:
            advice = "Take another Python: make run PYTHON=/path/to/python3"
            if "_" not in name:
                package = "python{}.{}-venv".format(*sys.version_info)
                advice = f"Debian, Ubuntu: apt install python3-venv (or {package})"
            raise Stop(f"{sys.executable} came without its module {name}.\n{advice}")


def prepare(wanted: str) -> None:
    """Bring `.venv` to the lock `wanted` ("run" or "dev"); at once if it is there already.

    The dev lock holds all of the run lock in the same versions (a test compares them), so an
    environment that was made for tests also serves `run`, and is never cut down to it.
    """
    stamp = read_stamp()
    kind = "dev" if stamp.get("kind") == "dev" else wanted
    if stamp == describe(kind) and (BIN / "firstline").exists():
        return
    started = time.monotonic()
    make_venv()
    install(LOCKS[kind])
    STAMP.write_text(json.dumps(describe(kind), indent=1), encoding="utf-8")
    say(f"ready after {time.monotonic() - started:.0f} s")


def describe(kind: str) -> "dict[str, str]":
    """What an environment of this kind is made of; equals its stamp if nothing has changed."""
    python = BIN / "python"
    parts = {"kind": kind, "place": str(VENV), "python": str(python.resolve())}
    for name in ("pyproject.toml", LOCKS[kind]):
        parts[name] = hashlib.sha256((HOME / name).read_bytes()).hexdigest()
    return parts if python.exists() else {}


def read_stamp() -> "dict[str, str]":
    """What the environment was made of; nothing if there is none or its making was cut short."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def make_venv() -> None:
    """Make `.venv` unless a usable one is there: not moved, with pip and a Python that works."""
    moved = read_stamp().get("place", str(VENV)) != str(VENV)
    if (BIN / "pip").exists() and answers(str(BIN / "python")) and not moved:
        STAMP.unlink(missing_ok=True)  # from here until the end of the install it is not whole
        return
    need_modules()
    if VENV.exists() and not (VENV / "pyvenv.cfg").exists():
        raise Stop(f"{VENV} is in the way: it is not an environment of Python.")
    say(f"making .venv with Python {sys.version.split()[0]}")
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    call(make, "The environment could not be made.")


def install(lock: str) -> None:
    """Install a lock and this checkout into `.venv`, by uv, or by pip where uv does not work.

    Both refuse any file whose hash the lock does not list. Without build isolation, because the
    build backend is in the lock with its hash, too.
    """
    failed = "Firstline itself could not be installed."
    flags = ["--no-deps", "--no-build-isolation", "--editable", str(HOME)]
    if install_uv():
        say(f"installing the packages of {lock}")
        uv, to = [str(BIN / "uv"), "pip"], ["--python", str(BIN / "python")]
        if call([*uv, "sync", *to, "--require-hashes", lock]) == 0:
            call([*uv, "install", *to, *flags], failed)
            return
        say("uv could not do it; trying pip")
    say(f"installing the packages of {lock} by pip; this takes a minute")
    unreachable = "The packages could not be installed. Is the package index within reach?"
    call([*pip(), "install", "--require-hashes", "--requirement", lock], unreachable)
    call([*pip(), "install", *flags], failed)


def install_uv() -> bool:
    """Install the pinned uv into `.venv`; tells whether it worked (some platforms have none)."""
    pin = (HOME / UV_LOCK).read_text(encoding="utf-8").split()[0].replace("==", " ")
    if (BIN / "uv").exists():
        told = subprocess.run([str(BIN / "uv"), "--version"], stdout=subprocess.PIPE)
        if told.stdout.decode("utf-8", "replace").split()[:2] == pin.split():
            return True
    say("installing " + pin)
    flags = ["--require-hashes", "--only-binary", ":all:", "--requirement", UV_LOCK]
    return call([*pip(), "install", "--quiet", *flags]) == 0


def pip() -> "list[str]":
    return [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check"]


def test(arguments: "list[str]") -> int:
    """Run the tests once for each engine; `--engine NAME` narrows it, all else goes to pytest."""
    prepare("dev")
    return call([str(BIN / "python"), "tests/lanes.py", *arguments])


def lint(arguments: "list[str]") -> int:
    """Run every check, also after one has failed, and say at the end which did."""
    prepare("dev")
    failed = []
    for check in CHECKS:
        say(check)
        tool, *flags = check.split()
        if call([str(BIN / tool), *flags]) != 0:
            failed.append(check)
    say("failed: " + ", ".join(failed) if failed else "nothing to complain about")
    return 1 if failed else 0


def messages(arguments: "list[str]") -> int:
    """Collect the strings of code and templates into the catalogues, then check those."""
    if shutil.which("xgettext") is None:
        raise Stop(
            "gettext is missing. Debian, Ubuntu: apt install gettext; macOS: brew install it"
        )
    prepare("dev")
    package = HOME / "src" / "firstline"
    (package / "locale").mkdir(exist_ok=True)
    flags = ["--locale=ru", "--locale=bg", "--no-wrap", "--no-obsolete", "--add-location=file"]
    collect = [str(BIN / "python"), "-m", "django", "makemessages", *flags]
    call(collect, "The strings could not be collected.", cwd=package)
    return call([str(BIN / "pytest"), "-q", "tests/architecture/test_messages.py"])


def lock(arguments: "list[str]") -> int:
    """Solve the dependencies in pyproject.toml and write the three locks."""
    make_venv()
    if not install_uv():
        raise Stop("The locks are made with uv, and that could not be installed.")
    solve = [str(BIN / "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    solve += ["--python-version", "3.11", "--no-emit-index-url", "--no-header", *arguments]
    project = ["--extra", "postgres", "pyproject.toml"]
    for output, what in (
        (UV_LOCK, ["--group", "install"]),
        (LOCKS["run"], ["--group", "build", *project]),
        (LOCKS["dev"], ["--group", "dev", "--constraints", LOCKS["run"], *project]),
    ):
        say("writing " + output)
        call([*solve, *what, "--output-file", output], "The dependencies could not be solved.")
    return 0


def forget_settings(data: str) -> None:
    """Keep tests and checks off the data, mail and database that this shell is set up for."""
    for name in list(os.environ):
        if name.startswith("FIRSTLINE_") and not name.startswith("FIRSTLINE_TEST_"):
            del os.environ[name]
    os.environ["FIRSTLINE_DATA"] = data


def say(text: str) -> None:
    print("firstline: " + text, flush=True)


def call(command: "list[str]", problem: str = "", cwd: Path = HOME) -> int:
    """Run a command and give its exit code; where `problem` is given, a failure stops with it."""
    code = subprocess.call(command, cwd=str(cwd))
    if code and problem:
        raise Stop("{}\nThis failed: {}".format(problem, " ".join(command)))
    return code


def main(arguments: "list[str]") -> int:
    verbs = {"test": test, "lint": lint, "messages": messages, "lock": lock}
    name, arguments = (arguments or ["help"])[0], arguments[1:]
    if name in ("help", "-h", "--help"):
        print(HELP, end="")
        return 0
    try:
        if name not in verbs and name not in PROGRAMS:
            raise Stop(f"There is no '{name}' here.\n\n{HELP}")
        use_new_python([name, *arguments])
        os.environ["PIP_USER"] = "0"  # where its settings say "user", pip would refuse a venv
        os.environ["PATH"] = os.pathsep.join([str(BIN), os.environ["PATH"]])  # tools call tools
        if name in verbs:
            with tempfile.TemporaryDirectory(prefix="firstline-") as data:
                forget_settings(data)
                return verbs[name](arguments)
        prepare("run")
        if name == "install":
            return 0
        os.chdir(str(HOME))
        program, *flags = PROGRAMS[name]
        # This process becomes the program, so that signals reach it.
        os.execv(str(BIN / program), [str(BIN / program), *flags, *arguments])
    except Stop as problem:
        print(f"firstline: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
