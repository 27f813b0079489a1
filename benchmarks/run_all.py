"""Every row of the promised speeds in one go, one program after the other so that none disturbs the next.

`python benchmarks/run_all.py` prints the tables and writes benchmarks/results/all.json; the exit status is 1 if a bar
is missed. Say which with names: `python benchmarks/run_all.py models picture`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
RESULTS = HERE / "results"
PROGRAMS = ("models", "picture", "latency", "startup", "handout")
NBVAL_BAR_S = 6.0


def notebooks() -> bool:
    """Time each notebook under nbval, pytest's own start included; True if all are within the bar."""
    rows = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        began = time.perf_counter()
        command = [sys.executable, "-m", "pytest", "-q", "--nbval-lax", "-p", "no:cacheprovider", str(path)]
        done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
        seconds = time.perf_counter() - began
        missed = done.returncode != 0 or seconds > NBVAL_BAR_S
        rows.append({"what": f"{path.name} under nbval", "value": round(seconds, 2), "unit": "s", "bar": NBVAL_BAR_S})
        print(f"{path.name + ' under nbval':46} {seconds:8.2f} s    {NBVAL_BAR_S:6.2f}  {'MISSED' if missed else ''}")
    (RESULTS / "notebooks.json").write_text(json.dumps({"rows": rows}, indent=1))
    return all(row["value"] <= NBVAL_BAR_S for row in rows)


def main(names: list[str]) -> int:
    """Run the named programs (all by default) and gather their JSON; the exit status."""
    RESULTS.mkdir(exist_ok=True)
    print(f"load before the start: {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "")
    held = {}
    for name in names or [*PROGRAMS, "notebooks"]:
        print(f"\n== {name}", flush=True)
        if name == "notebooks":
            held[name] = notebooks()
        else:
            program = [sys.executable, str(HERE / f"{name}.py")]
            held[name] = subprocess.run(program, check=False, cwd=ROOT).returncode == 0
    found = {name: json.loads((RESULTS / f"{name}.json").read_text()) for name in held}
    (RESULTS / "all.json").write_text(json.dumps(found, indent=1))
    missed = [name for name, well in held.items() if not well]
    print("\nEvery bar holds." if not missed else f"\nA bar was missed in: {', '.join(missed)}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
