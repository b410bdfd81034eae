"""The real server on a made desk: started on free ports, watched from outside, stopped cleanly."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from bench.desk import ROOT, Desk

START_SECONDS = 180


class Server:
    """One process of `firstline run`; use it in a `with` statement."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.port, self.smtp_port = _free_port(), _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        ports = {"FIRSTLINE_PORT": str(self.port), "FIRSTLINE_SMTP_PORT": str(self.smtp_port)}
        command = [sys.executable, "-m", "firstline.cli.main", "run"]
        with (self.desk.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.desk.environment | ports, stdout=log, stderr=log
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    @property
    def pid(self) -> int:
        assert self.process is not None  # noqa: S101  # only asked inside `with`
        return self.process.pid

    def cpu(self) -> float:
        """Seconds of CPU that the server has used: by thread in nanoseconds, or as Linux sums it up.

        Raises FileNotFoundError where there is no /proc.
        """
        threads = list(Path(f"/proc/{self.pid}/task").glob("*/schedstat"))
        if threads:
            return sum(int(path.read_text().split()[0]) for path in threads) / 1e9
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Megabytes of memory that are the server's, shared pages of the database left out."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process is not None and self.process.poll() is not None:
                break
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.2)
        raise RuntimeError(f"The server did not start; see {self.desk.folder / 'server.log'}")

    def _stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
