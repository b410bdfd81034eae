"""Run the tests once for each engine, side by side: `python tests/lanes.py [--engine NAME] [pytest …]`.

A lane waits for its disk and its servers half of the time, so two cost little more than one. Those
with the browser are a lane of their own, which begins when the first of the others has ended. What
is not in sight is printed when it has ended.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import IO

AT_ONCE = 2  # a machine with two cores is what CI has
NO_TESTS = 5  # pytest's exit code when its arguments selected nothing
PYTEST = [sys.executable, "-m", "tests.session"]
ON_POSTGRESQL = [sys.executable, "tests/postgresql.py", "--", *PYTEST]
# What starts each lane, and its share of the tests in tests/browser (see tests/conftest.py).
LANES = {
    "sqlite": (PYTEST, "none"),
    "postgresql": (ON_POSTGRESQL, "none"),
    "sqlite, with a browser": (PYTEST, "only"),
}


def main(arguments: list[str]) -> int:
    names = list(LANES)
    if arguments[:1] == ["--engine"]:
        names = [name for name in names if name.split(",")[0] in arguments[1:2]]
        arguments = arguments[2:]
        if not names:
            print("ENGINE is sqlite or postgresql.", file=sys.stderr)
            return 2
    codes = run(names, arguments)
    for name, code in codes.items():
        say(f"tests on {name}: { {0: 'passed', NO_TESTS: 'selected no test'}.get(code, 'FAILED') }")
    # A selection may hold tests of one lane only: that is no failure of the others.
    return max(codes.values(), key=lambda code: (code not in (0, NO_TESTS), code == 0))


def run(names: list[str], arguments: list[str]) -> dict[str, int]:
    """Run these lanes, the first one in sight; the exit code of each."""
    with ExitStack() as stack:
        told = {name: stack.enter_context(tempfile.TemporaryFile()) for name in names[1:]}
        pool = ThreadPoolExecutor(AT_ONCE)
        stack.callback(
            pool.shutdown, cancel_futures=True
        )  # who is interrupted begins no other lane
        say("tests on " + " and ".join(names))
        ends = {name: pool.submit(_lane, name, arguments, told.get(name)) for name in names}
        codes = {}
        for name, end in ends.items():
            codes[name] = end.result()
            if name in told:
                say(f"what the tests on {name} printed")
                told[name].seek(0)
                shutil.copyfileobj(told[name], sys.stdout.buffer)
                sys.stdout.flush()
    return codes


def _lane(name: str, arguments: list[str], told: IO[bytes] | None) -> int:
    command, browser = LANES[name]
    environment = os.environ | {"FIRSTLINE_TEST_BROWSER": browser}
    return subprocess.call([*command, *arguments], env=environment, stdout=told, stderr=told)


def say(text: str) -> None:
    print("firstline: " + text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
