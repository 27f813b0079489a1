"""Many virtual patients at once: disease, scanner, analytic reader, RECIST 1.1 and Choi, in bounded memory.

The same functions that draw one patient on a slider, over arrays: a block of patients goes through the whole chain
before the next, so that its arrays stay in the processor's cache; numpy lets blocks run side by side in threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np

from liverlab.disease import course
from liverlab.disease.checks import days as checked_days
from liverlab.imaging.protocol import Protocol
from liverlab.reading import choi, codes, recist, scan
from liverlab.reading.followed import follow

# Patients x lesions x visits of one block: its arrays fit in the cache of one core.
BLOCK_READINGS = 25_000
CALLS = codes.NEW_LESION_LABELS


@dataclass(frozen=True, eq=False)
class Cohort:
    """days (T,); for N patients: sum_mm, mean_hu (N, T) as read; recist, choi (N, T) and recist_best, choi_best (N, T):
    codes of `liverlab.reading.codes`, best responses up to each visit; targets (N,): how many lesions are followed.
    """

    days: np.ndarray
    targets: np.ndarray
    sum_mm: np.ndarray
    mean_hu: np.ndarray
    recist: np.ndarray
    recist_best: np.ndarray
    choi: np.ndarray
    choi_best: np.ndarray


def simulate(
    values: Mapping[str, Any],
    lesions: Sequence[Any],
    days: Any,
    actions: Iterable[Any] = (),
    call: str = "unequivocal",
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Cohort:
    """What a reader would say of N patients at every visit.

    values: parameter key -> float, or an array (N,) with one number a patient; the scanner and the reader's threshold
    are the same for all. lesions, actions: as in `course.simulate`; days (T,): visits, the first is the baseline.
    call: what the reader calls a spot not seen at baseline ("none", "equivocal" or "unequivocal"). threads: at most so
    many blocks at a time (default: as many as processors). progress: called as progress(patients_done, N) after every
    block, from the calling thread. The answer does not depend on threads or blocks.
    Raises ValueError as the rooms do, and for arrays of several lengths or none.
    """
    days = checked_days("days", days)
    lesions, actions = tuple(lesions), tuple(actions)
    if call not in CALLS:
        raise ValueError(f"call is {call!r}; allowed: {', '.join(CALLS)}.")
    if threads is not None and threads < 1:
        raise ValueError(f"threads is {threads}; allowed: 1 or more.")
    count = _patients(values)
    protocol = Protocol.from_values(values)
    block = max(1, BLOCK_READINGS // max(1, len(lesions) * days.size))
    shape = (count, days.size)
    answer = Cohort(
        days,
        np.empty(count, dtype=np.int16),
        *(np.empty(shape) for _ in range(2)),
        *(np.empty(shape, dtype=np.int8) for _ in range(4)),
    )

    def run(start: int) -> int:
        stop = min(start + block, count)
        part = {key: value if np.ndim(value) == 0 else value[start:stop] for key, value in values.items()}
        _read(answer, slice(start, stop), part, lesions, actions, protocol, call)
        return stop - start

    done = 0
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        waiting = [pool.submit(run, start) for start in range(0, count, block)]
        try:
            for finished in as_completed(waiting):
                done += finished.result()
                if progress:
                    progress(done, count)
        finally:
            pool.shutdown(cancel_futures=True)
    return answer


def _read(answer, where, values, lesions, actions, protocol, call):
    """One block of patients through the chain, into its rows of the answer."""
    state = course.simulate(values, lesions, answer.days, actions)
    found = follow(scan.read(values, lesions, state, protocol).readings)
    new_lesion = np.where(found.new_spots.any(axis=-2), CALLS.index(call), codes.NEW_NONE)
    by_size = recist.time_points(found.sum_mm, found.non_target, new_lesion)
    by_density = choi.time_points(found.sum_mm, found.mean_hu, new_lesion, found.non_target)
    answer.targets[where] = found.targets.sum(axis=-1)
    answer.sum_mm[where], answer.mean_hu[where] = found.sum_mm, found.mean_hu
    answer.recist[where], answer.recist_best[where] = by_size.overall, by_size.best
    answer.choi[where], answer.choi_best[where] = by_density.overall, by_density.best


def _patients(values):
    """How many patients the arrays of `values` hold."""
    shapes = {key: np.shape(value) for key, value in values.items() if np.ndim(value)}
    if not shapes:
        raise ValueError("values holds no array; allowed: at least one array (N,) with a number for every patient.")
    first = next(iter(shapes))
    for key, shape in shapes.items():
        if key in Protocol.__dataclass_fields__ or key == "visibility_threshold_mm":
            raise ValueError(f"{key} is an array; allowed: one number, scanner and threshold are the same for all.")
        if len(shape) != 1 or shape[0] == 0 or shape != shapes[first]:
            raise ValueError(f"{key} has shape {shape} beside {first} of shape {shapes[first]}; allowed: one length N.")
    return shapes[first][0]
