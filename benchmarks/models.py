"""How long the models take: `python benchmarks/models.py` prints a table and writes benchmarks/results/models.json.

Bars as in the design: one patient's course <= 2 ms, with liver function <= 10 ms, 200 sampled patients <= 60 ms,
contrast medium of one injection <= 3 ms; a cohort through the whole chain <= 5 s and 2 GiB (benchmarks/cohort.py, a
process of its own). The exit status is 1 if a bar is missed.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from liverlab import evidence
from liverlab.disease import (
    course,
    liver_function,
    liver_injury,
    markers,
    sinusoid,
    survival,
    tumour_drugs,
    variability,
)
from liverlab.imaging import contrast, kinetics_body
from liverlab.imaging.protocol import Protocol

REPEATS = 60
RESULTS = Path(__file__).parent / "results" / "models.json"
COHORT = Path(__file__).parent / "cohort.py"


def median_ms(call: Callable[[], object]) -> float:
    """Median time of one call in ms, after one call to warm up."""
    call()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1000.0 * statistics.median(times)


def measure() -> list[dict]:
    """One row per model: what, the median in ms, the bar in ms (None where there is none)."""
    ev = evidence.load()
    case = ev.cases["gist_imatinib"]
    scenario = evidence.Scenario(case.id)
    values = ev.values(scenario)
    protocol = Protocol.from_values(values)
    days = np.arange(0.0, 731.0)
    actions = (evidence.Action(200.0, "switch", ""), evidence.Action(400.0, "stop", ""))
    state = course.simulate(values, case.lesions, case.visits_day)
    rng = np.random.default_rng(1)
    many = {**values, "perfusion_loss_pct": rng.uniform(0, 100, 10_000)}
    visits = np.arange(12) * 56.0

    fan = sinusoid.sample(values, 200, 1)
    hepatitis = liver_injury.drivers(liver_injury.INJURIES["viral"], days)

    fresh = iter(np.linspace(2.6, 8.9, 10 * REPEATS))

    def new_injection() -> object:
        # Another cardiac output each time, so that nothing comes from the cache.
        return contrast.curves(replace(protocol, cardiac_output_l_min=float(next(fresh))), 70.0)

    arm = [
        (tumour_drugs.BRUNO_DOCETAXEL, *tumour_drugs.cycles(127.5, 35)),
        (tumour_drugs.BRUNO_CAPECITABINE, *tumour_drugs.cycles(2.125, 35, on_d=14, per_day=2)),
    ]

    def dosed_cohort() -> object:
        drawn = variability.sample(np.random.default_rng(1), variability.BRUNO, 100_000)
        drugs = [
            (replace(drug, kill_per_unit=drawn[f"{name}_kill_per_unit"]), *doses)
            for name, (drug, *doses) in zip(("docetaxel", "capecitabine"), arm, strict=True)
        ]
        return tumour_drugs.kpd(visits, drawn["growth_per_week"], drugs)

    def lesions() -> object:
        return variability.sample(np.random.default_rng(1), variability.KERIOUI, 100_000, lesions=4)

    medians = np.linspace(20.0, 400.0, 100_000)
    rows = [
        ("course, one patient, 24 months, daily", lambda: course.simulate(values, case.lesions, days), 2.0),
        ("the same with a switch and a stop", lambda: course.simulate(values, case.lesions, days, actions), 2.0),
        ("course at the visits", lambda: course.simulate(values, case.lesions, case.visits_day), 2.0),
        ("marker over 24 months", lambda: markers.simulate(values, case.lesions, days), 2.0),
        (
            "course, 10,000 patients x 12 visits x 4 lesions",
            lambda: course.simulate(many, case.lesions[:4], visits),
            None,
        ),
        (
            "liver function under a hepatitis, 24 months",
            lambda: liver_function.simulate(values, days, hepatitis, ev.labs),
            10.0,
        ),
        ("tumour in the sinusoids, 24 months, all analytes", lambda: sinusoid.simulate(values, days, ev.labs), 10.0),
        (
            "200 sampled patients, 60 days, all analytes",
            lambda: sinusoid.simulate(fan, np.arange(61.0), ev.labs, sinusoid.COHORT_STEP_D),
            60.0,
        ),
        (
            "K-PD, two drugs, 1,015 doses, 24 months, daily",
            lambda: tumour_drugs.kpd(days, tumour_drugs.BRUNO_GROWTH_PER_WEEK, arm),
            2.0,
        ),
        ("FDG uptake on sunitinib, 24 months, daily", lambda: tumour_drugs.schindler_suv(days, 1.0), 2.0),
        ("K-PD, 100,000 patients x 12 visits", dosed_cohort, None),
        ("rates of 100,000 patients x 4 lesions", lesions, None),
        ("survival at 12 months, 100,000 patients", lambda: survival.bruno(medians, -0.2).survival(12.0), None),
        ("iodine in the whole body, 300 s", lambda: kinetics_body.amounts_mg(protocol), 3.0),
        ("curves of a new injection", new_injection, 3.0),
        ("curves of a known injection, 301 times", lambda: contrast.curves(protocol, np.arange(301.0)), 1.0),
        ("HU of lesions at the visits", lambda: contrast.lesion_hu(values, state, protocol), 1.0),
        ("HU of all tissues", lambda: contrast.tissue_hu(protocol, ev.tissues["ct"], values), 1.0),
    ]
    return [{"what": what, "value": median_ms(call), "unit": "ms", "bar": bar} for what, call, bar in rows]


def cohort() -> list[dict]:
    """The rows of benchmarks/cohort.py, run in a fresh process so that its peak memory is its own."""
    subprocess.run([sys.executable, str(COHORT)], check=False, stdout=subprocess.DEVNULL)
    return json.loads((RESULTS.parent / "cohort.json").read_text())["rows"]


def is_missed(row: dict) -> bool:
    """Whether a row has a bar and is over it."""
    return row["bar"] is not None and row["value"] is not None and row["value"] > row["bar"]


def main() -> int:
    rows = measure() + cohort()
    print(f"{'model':<58}{'median':>11}{'bar':>14}")
    for row in rows:
        bar = "" if row["bar"] is None else f"{row['bar']:.0f}"
        value = "-" if row["value"] is None else f"{row['value']:.2f}"
        print(f"{row['what']:<58}{value:>11} {row['unit']:<4}{bar:>9}{'  MISSED' if is_missed(row) else ''}")
    RESULTS.parent.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "numpy": np.__version__, "machine": platform.platform()}
    RESULTS.write_text(json.dumps({**machine, "repeats": REPEATS, "rows": rows}, indent=1) + "\n")
    return int(any(is_missed(row) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
