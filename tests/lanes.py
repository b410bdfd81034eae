"""Run the tests once for each engine, side by side: `python tests/lanes.py [--engine NAME] [pytest …]`.

A lane waits for its disk and its servers half of the time, so two cost little more than one. What
the second one printed follows when the first is through.
"""

import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack

NO_TESTS = 5  # pytest's exit code when its arguments selected nothing
SERVERS = {"sqlite": [], "postgresql": [sys.executable, "tests/postgresql.py", "--"]}


def main(arguments: list[str]) -> int:
    engines = list(SERVERS)
    if arguments[:1] == ["--engine"]:
        engines, arguments = [name for name in engines if [name] == arguments[1:2]], arguments[2:]
        if not engines:
            print("ENGINE is sqlite or postgresql.", file=sys.stderr)
            return 2
    lanes = {name: [*SERVERS[name], sys.executable, "-m", "pytest", *arguments] for name in engines}
    codes = run(lanes)
    for name, code in codes.items():
        say(f"tests on {name}: { {0: 'passed', NO_TESTS: 'selected no test'}.get(code, 'FAILED') }")
    # A selection may hold tests of one engine only: that is no failure of the other.
    return max(codes.values(), key=lambda code: (code not in (0, NO_TESTS), code == 0))


def run(lanes: dict[str, list[str]]) -> dict[str, int]:
    """Run all commands at once, the first one in sight; the exit code of each."""
    (shown, command), *others = lanes.items()
    with ExitStack() as stack:
        beside = {}
        for name, other in others:
            told = stack.enter_context(tempfile.TemporaryFile())
            lane = subprocess.Popen(other, stdout=told, stderr=told)
            stack.callback(lane.terminate)
            beside[name] = lane, told
        say("tests on " + " and ".join(lanes))
        codes = {shown: subprocess.call(command)}
        for name, (lane, told) in beside.items():
            codes[name] = lane.wait()
            say(f"what the tests on {name} printed")
            told.seek(0)
            shutil.copyfileobj(told, sys.stdout.buffer)
            sys.stdout.flush()
    return codes


def say(text: str) -> None:
    print("firstline: " + text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
