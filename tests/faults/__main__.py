"""The fault suite at full size: `python -m tests.faults [D3 …] [--engine NAME] [pytest …]`.

Each row of the list of faults is a test that is marked with it: `@pytest.mark.fault(row="D3")`. An
ordinary run of the tests has them small; here they are whole. Both print the same ledger.
"""

import os
import re
import subprocess
import sys

from tests.faults.ledger import SIZE
from tests.lanes import ON_POSTGRESQL, PYTEST

ENGINES = {"sqlite": PYTEST, "postgresql": ON_POSTGRESQL}


def main(arguments: list[str]) -> int:
    """Run the named faults, or all, one engine after the other; 0 when all stood."""
    engines = list(ENGINES)
    if "--engine" in arguments:
        at = arguments.index("--engine")
        engines = [name for name in engines if name in arguments[at + 1 : at + 2]]
        arguments = arguments[:at] + arguments[at + 2 :]
        if not engines:
            print("ENGINE is sqlite or postgresql.", file=sys.stderr)
            return 2
    rows = [one for one in arguments if re.fullmatch(r"D\d+", one)]
    others = [one for one in arguments if one not in rows]
    wanted = " or ".join(f"fault(row='{row}')" for row in rows) or "fault"
    environment = os.environ | {SIZE: "whole"}
    codes = [
        subprocess.call([*ENGINES[engine], "tests/faults", "-m", wanted, *others], env=environment)
        for engine in engines
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
