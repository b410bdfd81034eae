"""One log: plain lines on a terminal, JSON elsewhere; no text of customers in it, and no keys.

Addresses are logged where something goes wrong, and some of them open a door to whoever has them:
invitations, password resets, web hooks, confirmations, signed links. Whatever looks like a key in an
address is cut in every line, whoever wrote it, so nobody has to think of it where a line is made.
"""

import logging
import re
import sys
from typing import Any

import structlog

# They write a traceback and raise; what is wrong with a stranger's mail stands at the mail.
QUIET = ("dkimpy", "flufl.bounce")
# A long part of a path, or of a query, but for names of files: sixteen characters hold no more than
# 96 bits, and keys have 128 or more. The first four stay, to tell one from another.
KEY = re.compile(
    r"((?<!:)(?<!:/)/|[?&;][\w.~-]*=)(?![\w:=~%+.-]*\.(?:css|db|eml|js|png|py|so|svg|webp)(?![\w.-]))"
    r"(\.?[\w:=~%+-]{4})[\w:=~%+.-]{13,}+"
)


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Formats lines of any origin, tracebacks included, and cuts the keys in them."""

    def format(self, record: logging.LogRecord) -> str:
        return KEY.sub(r"\1\2…", super().format(record))


def configure(options: dict[str, Any]) -> None:
    """Called by Django with settings.LOGGING."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    lines: list[Any] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    if sys.stderr.isatty():
        lines = [structlog.dev.ConsoleRenderer()]
    handler = logging.StreamHandler()
    handler.setFormatter(
        Formatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *lines,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(options["level"])
    for noisy in ("huey", "mail.log", "aiosmtpd", "asyncio", "charset_normalizer"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for quiet in QUIET:
        logging.getLogger(quiet).setLevel(logging.CRITICAL)
