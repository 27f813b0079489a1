"""First-order kinetics used in several rooms: exact answers to a linear equation, no step size.

Everything broadcasts over leading axes; time is the last axis.
"""

from __future__ import annotations

import numpy as np


def saturation(x: np.ndarray | float) -> np.ndarray | float:
    """(1 - e^-x) / x for x >= 0, and its limit 1 at x = 0.

    The mean of e^-u over 0..x: what a decaying rate has delivered, relative to a constant one.
    """
    x = np.asarray(x, dtype=float)
    small = x < 1e-8
    return np.where(small, 1.0 - 0.5 * x, -np.expm1(-x) / np.where(small, 1.0, x))


def exponential_lag(elapsed, fast, slow):
    """Response at `elapsed` of a first-order stage (time constant `slow`) to an input e^(-t/fast); 0 at elapsed 0.

    Solves slow * y' = e^(-t/fast) - y, y(0) = 0, i.e. y = fast/(fast-slow) (e^(-t/fast) - e^(-t/slow)), written so
    that it stays exact when the two time constants are equal. All arguments in the same time unit, broadcasting.
    """
    gap = elapsed * np.abs(1.0 / fast - 1.0 / slow)
    return np.exp(-elapsed / np.maximum(fast, slow)) * (elapsed / slow) * saturation(gap)


def first_order(time, source, rate, start=0.0):
    """Solve c' = source(t) - rate * c exactly for a source that is linear between the given times.

    time (T,) increasing; source (..., T) per time unit; rate (...) per time unit, >= 0; start (...) is c at time[0].
    Returns c (..., T). A doubling scan: log2(T) array passes instead of T Python steps, and no term can overflow.
    """
    time = np.asarray(time, dtype=float)
    source = np.asarray(source, dtype=float)
    rate = np.asarray(rate, dtype=float)[..., None]
    start = np.asarray(start, dtype=float)
    step = np.diff(time)
    x = rate * step
    full = saturation(x)
    # Weight of the later end of each interval: integral of e^(-x(1-u)) u du = (1 - full) / x, 1/2 in the limit.
    small = x < 1e-4
    late = np.where(small, 0.5 - x / 6.0, (1.0 - full) / np.where(small, 1.0, x))
    gain = step * ((full - late) * source[..., :-1] + late * source[..., 1:])
    answer = np.empty((*np.broadcast_shapes(gain.shape[:-1], start.shape), time.size))
    answer[..., 0] = start
    answer[..., 1:] = gain
    scale = np.empty_like(answer)
    scale[..., 0] = 0.0
    scale[..., 1:] = np.exp(-x)
    return _accumulate(answer, scale)


def decaying_sum(time, gains, rate):
    """What is left of bolus gains just after each of them: y_j = y_(j-1) e^(-rate (t_j - t_(j-1))) + gain_j.

    time (J,) in order; gains (..., J); rate (...) per time unit, >= 0. Returns (..., J).
    """
    time = np.asarray(time, dtype=float)
    decay = np.exp(-np.asarray(rate, dtype=float)[..., None] * np.diff(time, prepend=time[0]))
    shape = np.broadcast_shapes(decay.shape, np.shape(gains))
    return _accumulate(np.broadcast_to(gains, shape).astype(float), np.broadcast_to(decay, shape).copy())


def _accumulate(answer, scale):
    """y_j = scale_j y_(j-1) + answer_j along the last axis, in place: log2(J) array passes."""
    shift = 1
    while shift < answer.shape[-1]:
        # Each pass reads the previous one: numpy evaluates the right-hand side, or buffers overlaps, before it writes.
        answer[..., shift:] += scale[..., shift:] * answer[..., :-shift]
        scale[..., shift:] *= scale[..., :-shift]
        shift *= 2
    return answer


def approach(time, start, end, time_constant):
    """First-order approach from `start` to `end`: start + (end - start) (1 - e^(-time / time_constant)), time >= 0.

    Any shapes that broadcast; ValueError for a time constant that is not positive.
    """
    if not np.all(np.asarray(time_constant) > 0):
        raise ValueError(f"time_constant is {time_constant}; allowed: more than 0.")
    return start + (end - start) * -np.expm1(-np.asarray(time, dtype=float) / time_constant)
