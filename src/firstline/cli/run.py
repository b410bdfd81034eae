"""Start the desk: one process, one port, one log, a clean stop."""

import argparse
import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Awaitable, Callable

import uvicorn
from django.conf import settings
from django.utils.module_loading import import_string

PARTS = ("web", "worker", "mail")
Step = Callable[[], Awaitable[None]]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=PARTS, help="run one part of the desk in this process")
    parser.add_argument(
        "--demo", action="store_true", help="load the demo desk if nobody works here yet"
    )


def command(options: argparse.Namespace) -> int:
    from firstline.cli.migrate import prepare

    parts = {options.only} if options.only else set(PARTS)
    taken = _taken_port(parts)
    if taken:
        print(taken, file=sys.stderr)
        return 1
    _say("Preparing the database …")
    prepare()
    if options.demo:
        from firstline.cli.demo import first_start

        first_start(_say)
    desk = import_string(settings.DESK)(
        web="web" in parts, worker="worker" in parts, mail="mail" in parts
    )
    _greet(parts)
    if "web" in parts:
        return _serve(desk)
    return asyncio.run(_without_web(desk.start, desk.stop))


class _Server(uvicorn.Server):
    """Hangs up on the live streams before it waits for open answers to end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.hang_up()  # type: ignore[union-attr]  # settings.DESK
        await super().shutdown(sockets)


def _serve(desk: object) -> int:
    config = uvicorn.Config(
        desk,  # type: ignore[arg-type]  # an ASGI application
        host=settings.CONFIGURATION.host,
        port=settings.CONFIGURATION.port,
        http=settings.HTTP_PROTOCOL,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.CONFIGURATION.behind_proxy,
        timeout_graceful_shutdown=20,
    )
    server = _Server(config)
    server.run()
    return 0 if server.started else 1


async def _without_web(start: Step, stop: Step) -> int:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await start()
    await ended.wait()
    await stop()
    return 0


def _taken_port(parts: set[str]) -> str:
    """What to tell when a port is not free, "" when all is well."""
    asked = settings.CONFIGURATION
    wanted = []
    if "web" in parts:
        wanted.append((asked.host, asked.port, "FIRSTLINE_PORT", "web pages"))
    if "mail" in parts:
        wanted.append((asked.smtp_host, asked.smtp_port, "FIRSTLINE_SMTP_PORT", "mail"))
        wanted.append((asked.smtp_host, asked.lmtp_port, "FIRSTLINE_LMTP_PORT", "mail"))
    for host, port, variable, purpose in wanted:
        if port and not _is_free(host, port):
            return (
                f"Port {port} on {host} is taken, so {purpose} can't be served there.\n"
                f"Stop what uses it, or choose another one: {variable}={port + 1} make run"
            )
    return ""


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _greet(parts: set[str]) -> None:
    if "web" in parts:
        _say(f"Desk:  {settings.CONFIGURATION.public_url}/")
    if "mail" in parts and settings.CONFIGURATION.smtp_port:
        _say(f"Mail:  smtp://{settings.CONFIGURATION.smtp_host}:{settings.CONFIGURATION.smtp_port}")
    if not settings.CONFIGURATION.email_url:
        _say(f"Sent mail is kept as files in {settings.DATA / 'outbox'}: no FIRSTLINE_EMAIL_URL.")
    _say("Ctrl+C stops it.")


def _say(line: str) -> None:
    print(line, flush=True)
