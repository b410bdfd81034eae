"""Settings of the process that serves all tests of this folder: each test has rows of its own, and
the support lines that it remembers for some seconds would be those of the test before."""

from firstline.wiring.settings import *  # noqa: F403

CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
