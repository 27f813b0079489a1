"""Put simulated tumours beside real ones, in docs/models.md: `python tools/compare_tumour_series.py`.

Needs the public data of Ghaffari Laleh et al., PLoS Comput Biol 2022;18:e1009822, in ../shared/reference; they are not
part of the project, the quartiles computed from them are facts and are.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from liverlab.disease import survival, tumour, variability
from liverlab.disease.tumour import DAYS_PER_WEEK

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "models.md"
DATA = ROOT.parent / "shared" / "reference" / "tumour" / "laleh2022_flat_patient_data.csv"
BEGIN = "<!-- tumour series: begin (python tools/compare_tumour_series.py) -->"
END = "<!-- tumour series: end -->"

# Week -> half width of the window around it: the reading nearest to the week counts, for data and simulation alike.
WINDOWS = {6: 2.0, 12: 2.0, 18: 3.0, 24: 3.0, 36: 4.0, 52: 6.0}
SEED, PATIENTS = 2022, 40_000
VISIT_WEEKS = np.arange(0.0, 61.0, 6.0)
FEWEST_READINGS = 3  # baseline included: the data hold no lesion with fewer


@dataclass(frozen=True, eq=False)
class Series:
    """Readings of many tumours: week (N, V) or (V,), size relative to the first reading (N, V), NaN where not seen."""

    week: np.ndarray
    relative: np.ndarray

    def at(self, week: float) -> np.ndarray:
        """Relative sizes read nearest to `week` within its window, one for each tumour that was seen there."""
        away = np.where(np.isnan(self.relative), np.inf, np.abs(self.week - week))
        away[:, 0] = np.inf
        nearest = away.argmin(axis=1)
        rows = np.arange(len(away))
        return self.relative[rows, nearest][away[rows, nearest] <= WINDOWS[week]]


def progressed(size_mm: np.ndarray) -> np.ndarray:
    """Whether each reading after the first, (N, V - 1), is 20 % and 5 mm above the smallest one before it."""
    nadir = np.fmin.accumulate(size_mm, axis=1)[:, :-1]
    return (size_mm[:, 1:] >= 1.2 * nadir) & (size_mm[:, 1:] >= nadir + 5.0)


def observed() -> tuple[Series, float]:
    """The lesions of the five trials, and the part of them that was read again after it had progressed."""
    lesions = defaultdict(list)
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lesions[row["Pt_hashID"]].append((float(row["T_weeks"]), float(row["Lesion_diam"])))
    week, size = (np.full((len(lesions), max(map(len, lesions.values()))), np.nan) for _ in range(2))
    for row, readings in enumerate(lesions.values()):
        week[row, : len(readings)], size[row, : len(readings)] = zip(*readings, strict=True)
    last = (~np.isnan(size)).sum(axis=1) - 2
    worse = progressed(size) & (np.arange(size.shape[1] - 1) < last[:, None])
    return Series(week, size / size[:, :1]), float(worse.any(axis=1).mean())


def simulated(stay_on: bool = False, error_sd: float = variability.KERIOUI_MEASUREMENT_SD) -> Series:
    """Virtual patients of `variability.KERIOUI`, scanned every six weeks until they die or leave.

    They leave after the first scan on which they have `progressed`; with stay_on, nobody leaves.
    Those with fewer than FEWEST_READINGS readings are left out, as in the data.
    """
    rng = np.random.default_rng(SEED)
    drawn = variability.sample(rng, variability.KERIOUI, PATIENTS)
    weeks = np.arange(VISIT_WEEKS[-1] + 1.0)
    rates = (drawn[key][:, None] for key in ("growth_per_day", "decay_per_day", "sensitive_fraction"))
    true_mm = drawn["baseline_sum_mm"][:, None] * tumour.stein_fojo_phi(DAYS_PER_WEEK * weeks, *rates)
    alive = survival.alive_under_tumour(DAYS_PER_WEEK * weeks, true_mm) > rng.uniform(size=(PATIENTS, 1))
    visits = np.searchsorted(weeks, VISIT_WEEKS)
    error = error_sd * rng.standard_normal((PATIENTS, visits.size))
    read_mm = true_mm[:, visits] * np.maximum(0.0, 1.0 + error)
    seen = alive[:, visits]
    if not stay_on:
        seen[:, 2:] &= ~np.maximum.accumulate(progressed(read_mm), axis=1)[:, :-1]
    seen[:, 0] = True
    kept = (seen.sum(axis=1) >= FEWEST_READINGS) & (read_mm[:, 0] > 0)
    read_mm = np.where(seen, read_mm, np.nan)[kept]
    return Series(VISIT_WEEKS, read_mm / read_mm[:, :1])


def quartiles(sizes: np.ndarray) -> np.ndarray:
    return np.quantile(sizes, [0.25, 0.5, 0.75])


def text() -> str:
    """What the page says: the set, the rule, the table, and where the two differ."""
    (real, read_again), virtual = observed(), simulated()
    lines, gaps = [], []
    for week in WINDOWS:
        there, here = real.at(week), virtual.at(week)
        gap = quartiles(here) - quartiles(there)
        gaps.append(gap)
        cells = [" / ".join(f"{value:.2f}" for value in quartiles(sizes)) for sizes in (there, here)]
        cells.append(" / ".join(f"{value:+.2f}" for value in gap))
        cells += [f"{100 * len(sizes) / len(all_of_them):.0f} %"
                  for sizes, all_of_them in ((there, real.relative), (here, virtual.relative))]  # fmt: skip
        lines.append(f"| {week} | {' | '.join(cells)} |")
    median_gap = max(np.abs(gaps)[:, 1])
    end = max(WINDOWS)
    staying, exact = np.median(simulated(stay_on=True).at(end)), simulated(error_sd=0.0)
    without_error = ", ".join(f"{np.median(exact.at(week)):.2f}" for week in WINDOWS)
    same = 100 * np.mean(real.at(6) == 1.0)
    values = ", ".join(
        f"{key} {spread.typical:g} (omega {spread.omega:g})" for key, spread in variability.KERIOUI.items()
    )
    intro = (
        f"Observed: {len(real.relative):,} lesions of lung or urothelial cancer in five trials of atezolizumab or "
        "docetaxel (Ghaffari Laleh 2022, public; quartiles computed by us). "
        f"Simulated: {PATIENTS:,} patients of the g-d-phi model with the values and the differences between patients "
        f"that Kerioui 2020 used for its simulations of bladder cancer on atezolizumab: {values}, and an error of "
        f"{100 * variability.KERIOUI_MEASUREMENT_SD:.0f} % in every measurement. "
        "Nothing was fitted to these data. Scans every six weeks. A patient dies at the risk of that paper, "
        "e^(0.01 SLD) / 1450 per day, and leaves after the first scan that measures 20 % and 5 mm above the smallest "
        "sum. As in the data, nobody is counted who was seen fewer than twice after the baseline. Size relative to "
        "the baseline, the reading nearest to the week:"
    )
    head = (
        "| week | observed q25 / median / q75 | simulated | difference | observed: still seen | simulated |\n"
        "|---|---|---|---|---|---|"
    )
    outro = (
        f"It is off, by up to {median_gap:.2f} in the median, and this is why we think so:\n\n"
        f"- The error of a measurement. It is 18 % of a sum in the model; {same:.0f} % of the real lesions read "
        "exactly the same in week 6. Who reads high by chance leaves, who reads low stays, and the median of those "
        f"still seen falls. Without the error the simulated medians would be {without_error}.\n"
        f"- The rule. {100 * read_again:.0f} % of the real lesions were read again after they had met it (patients "
        "could stay on atezolizumab), so that fewer left.\n"
        f"- Who leaves matters more than the drug. If only death ended the scans, the simulated median of week {end} "
        f"would be {staying:.2f}, not {quartiles(virtual.at(end))[1]:.2f}: a falling median of those still seen is no "
        "proof that tumours shrink.\n"
        "- The data mix two cancers and two drugs and follow single lesions, some of which vanish; the model follows "
        "sums in one cancer under one drug."
    )
    return f"{intro}\n\n{head}\n" + "\n".join(lines) + f"\n\n{outro}\n"


def with_text(page: str) -> str:
    """The page with this part made anew."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{text()}\n{END}{rest.split(END)[1]}"


def main() -> int:
    if not DATA.is_file():
        print(f"{DATA} is not there: the public reference data is not beside this project.")
        return 1
    print(text())
    PAGE.write_text(with_text(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
