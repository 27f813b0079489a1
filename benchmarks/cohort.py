"""100,000 patients x 12 visits x 4 lesions through the whole chain: time and peak memory of this process.

`python benchmarks/cohort.py` prints both and writes benchmarks/results/cohort.json; `benchmarks/models.py` runs it for
its last rows. Bars: 5 s, 2 GiB, on two cores. Rates and perfusion are drawn for every patient. The exit status is 1 if
a bar is missed.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from liverlab import evidence
from liverlab.reading import codes, cohort

PATIENTS, VISITS, LESIONS, REPEATS = 100_000, 12, 4, 3
BAR_MS, BAR_MIB = 5000.0, 2048.0
RESULTS = Path(__file__).parent / "results" / "cohort.json"


def peak_mib() -> float | None:
    """Largest resident memory of this process so far, in MiB; None where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (2**20 if sys.platform == "darwin" else 2**10)


def show(done: int, of: int) -> None:
    """A progress line where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{100 * done // of:3d} % of {of:,} patients", end="\n" if done == of else "", file=sys.stderr)


def main() -> int:
    """Run the cohort a few times; print, write JSON, return the exit status."""
    data = evidence.load()
    case = data.cases["gist_imatinib"]
    rng = np.random.default_rng(1)
    drawn = {
        "perfusion_loss_pct": rng.uniform(0, 95, PATIENTS),
        "growth_rate_per_week": rng.lognormal(np.log(0.01), 0.5, PATIENTS),
        "shrinkage_rate_per_week": rng.lognormal(np.log(0.02), 0.8, PATIENTS),
        "hypovascular_enhancement_hu": rng.uniform(10, 50, PATIENTS),
    }
    values = data.values(evidence.Scenario(case.id)) | drawn
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = cohort.simulate(values, case.lesions[:LESIONS], 56.0 * np.arange(VISITS), progress=show)
        seconds.append(time.perf_counter() - start)
    what = f"cohort: {PATIENTS:,} patients x {VISITS} visits x {LESIONS} lesions"
    rows = [
        {"what": what, "value": round(1000 * statistics.median(seconds), 1), "unit": "ms", "bar": BAR_MS},
        {"what": "its peak memory", "value": peak_mib(), "unit": "MiB", "bar": BAR_MIB},
    ]
    shares = {code: [round(float((best[:, -1] == code).mean()), 3) for best in (found.recist_best, found.choi_best)]
              for code in (codes.CR, codes.PR, codes.SD, codes.PD)}  # fmt: skip
    for row in rows:
        value = "-" if row["value"] is None else f"{row['value']:.0f}"
        print(f"{row['what']:<58}{value:>8} {row['unit']:<4}{row['bar']:>8.0f}")
    print("best response, share by RECIST and Choi:", {codes.label(code): share for code, share in shares.items()})
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"seconds": seconds, "rows": rows}, indent=1) + "\n")
    return int(any(row["value"] is not None and row["value"] > row["bar"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
