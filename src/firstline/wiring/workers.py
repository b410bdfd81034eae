"""huey's consumer as threads of our process."""

from huey.consumer import Consumer

from firstline.base.jobs import queue


class _Threads(Consumer):
    def _set_signal_handlers(self) -> None:
        """Leave signals to the server: huey's own handlers would keep it from ever stopping."""


class Workers:
    """The threads that run jobs."""

    def __init__(self, number: int) -> None:
        self.consumer = _Threads(
            queue,
            workers=number,
            worker_type="thread",
            initial_delay=0.05,
            backoff=1.3,
            max_delay=0.5,
        )

    def start(self) -> None:
        self.consumer.start()

    def stop(self) -> None:
        """Let running jobs end, then return."""
        self.consumer.stop(graceful=True)
