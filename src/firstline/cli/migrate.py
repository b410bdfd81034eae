"""Bring the database, the catalogues and the static files to this version."""

import argparse
import hashlib
import shutil
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command

from firstline.search import words

# Parts of django-htmx that no page asks for; some name files that are not there.
UNUSED = ["ext", "htmax-*", "htmx-4*"]
REBUILD_SECONDS = 10  # for the index of a small desk; of a large one the clock does the rest
PACKAGE = Path(__file__).resolve().parent.parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def command(options: argparse.Namespace) -> int:
    prepare()
    print("The database is up to date.")
    return 0


def prepare() -> None:
    """Everything that must be in place before the desk serves; quick when nothing changed."""
    from firstline.search import index  # needs the models, which are not there at import

    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    compile_catalogues()
    call_command("migrate", verbosity=0, interactive=False)
    collect_static()
    words.warm()  # else the first job would build the dictionaries inside its transaction
    index.rebuild(seconds=REBUILD_SECONDS)


def compile_catalogues() -> None:
    """Make .mo files of .po files that are newer; the package itself may be read-only."""
    folder = PACKAGE / "locale"
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = Path(settings.LOCALE_PATHS[0]) / source.relative_to(folder).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            draft = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)


def collect_static() -> None:
    """Gather and compress the static files, when they changed."""
    root = Path(settings.STATIC_ROOT)
    stamp, now = root / ".stamp", _fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNUSED)
    stamp.write_text(now)


def _fingerprint() -> str:
    """Changes with each file of ours and with each version of the packages that bring their own."""
    import django_htmx

    files = sorted(path for path in (PACKAGE / "static").rglob("*") if path.is_file())
    parts = [f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    parts.append(str(Path(django_htmx.__file__).stat().st_mtime_ns))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
