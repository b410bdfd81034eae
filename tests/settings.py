"""Settings of the tests: the product's own, with all that is written kept in a temporary folder."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# What this shell is set up for is none of the tests' business, save the engine they are to run on.
for _name in list(os.environ):
    if _name.startswith("FIRSTLINE_") and not _name.startswith(
        ("FIRSTLINE_TEST_", "FIRSTLINE_DATABASE_")
    ):
        del os.environ[_name]
_folder = tempfile.mkdtemp(prefix="firstline-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["FIRSTLINE_DATA"] = _folder

from firstline.wiring.settings import *  # noqa: E402, F403  # only now: it reads the environment

# Made once for all test runs: that takes seconds.
DICTIONARIES = Path(__file__).parents[1] / ".pytest_cache" / "dictionaries"
QUEUE_FILE = None  # jobs wait in memory; the fixture `settle` does what they would have done
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
OWN_HOSTS = [*OWN_HOSTS, "testserver"]  # noqa: F405
STATIC_ROOT.mkdir()  # noqa: F405  # where it is missing, a warning says so at the first request
UNDO_SECONDS = 0  # what is said is said at once; tests of taking it back set their own
DNS_LOOKUP = "tests.names.ask"  # no test asks the DNS
