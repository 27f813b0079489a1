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
    Returns c (..., T).
    """
    step = np.diff(np.asarray(time, dtype=float))
    return _solve(step, np.asarray(rate, dtype=float)[..., None] * step, source, start)


def first_order_varying(time, source, rate, start=0.0):
    """Solve c' = source(t) - rate(t) * c for a source and a rate that are linear between the given times.

    As `first_order`, but rate (..., T). Decay over a step is exact; the source is weighed with the mean rate of the
    step, so the error falls with the square of the step, and is nothing where the rate is constant.
    """
    step = np.diff(np.asarray(time, dtype=float))
    rate = np.asarray(rate, dtype=float)
    return _solve(step, 0.5 * (rate[..., 1:] + rate[..., :-1]) * step, source, start)


def _solve(step, x, source, start):
    """c (..., T) from steps (T-1,), rate times step x (..., T-1), source (..., T) and c at the first time.

    A doubling scan: log2(T) array passes instead of T Python steps, and no term can overflow. The factors keep the
    shape of the rates, so that many patients who share them do not pay for them.
    """
    source = np.asarray(source, dtype=float)
    start = np.asarray(start, dtype=float)
    full = saturation(x)
    # Weight of the later end of each interval: integral of e^(-x(1-u)) u du = (1 - full) / x, 1/2 in the limit.
    small = x < 1e-4
    late = np.where(small, 0.5 - x / 6.0, (1.0 - full) / np.where(small, 1.0, x))
    early, late = step * (full - late), step * late
    lead = np.broadcast_shapes(early.shape[:-1], source.shape[:-1], start.shape)
    answer = np.empty((*lead, step.size + 1))
    answer[..., 0] = start
    np.multiply(early, source[..., :-1], out=answer[..., 1:])
    answer[..., 1:] += late * source[..., 1:]
    scale = np.zeros((*x.shape[:-1], step.size + 1))
    scale[..., 1:] = np.exp(-x)
    return _accumulate(answer, scale)


def decaying_sum(time, gains, rate):
    """What is left of bolus gains just after each of them: y_j = y_(j-1) e^(-rate (t_j - t_(j-1))) + gain_j.

    time (J,) in order; gains (..., J); rate (...) per time unit, >= 0. Returns (..., J).
    """
    time = np.asarray(time, dtype=float)
    decay = np.exp(-np.asarray(rate, dtype=float)[..., None] * np.diff(time, prepend=time[0]))
    shape = np.broadcast_shapes(decay.shape, np.shape(gains))
    return _accumulate(np.broadcast_to(gains, shape).astype(float), decay)


def _accumulate(answer, scale):
    """y_j = scale_j y_(j-1) + answer_j along the last axis, in place: log2(J) array passes, and no term can overflow.

    The factors keep their own shape (..., J), so that many patients who share them do not pay for them.
    """
    carried = np.empty_like(answer)
    shift = 1
    while shift < answer.shape[-1]:
        # Each pass reads the previous one, hence the buffer; it also spares the cost of new memory in every pass.
        answer[..., shift:] += np.multiply(scale[..., shift:], answer[..., :-shift], out=carried[..., shift:])
        scale[..., shift:] *= scale[..., :-shift]
        shift *= 2
    return answer


def logistic(time, exponent, crowding, start, at=0):
    """Solve y' = a(t) y - crowding(t) y^2 from A, the integral of a: y = y0 e^A / (1 + y0 int crowding e^A).

    time (T,) increasing; exponent (..., T), 0 at time[at]; crowding (..., T) >= 0; start (..., 1) is y at time[at].
    Returns y (..., T): exact where crowding is constant and A is linear between the times.
    """
    size = np.exp(exponent)
    mean = np.maximum(size[..., 1:], size[..., :-1]) * saturation(np.abs(np.diff(exponent)))
    crowded = np.zeros(np.broadcast_shapes(size.shape, np.shape(crowding)))
    crowded[..., 1:] = np.cumsum(0.5 * (crowding[..., 1:] + crowding[..., :-1]) * np.diff(time) * mean, axis=-1)
    return start * size / (1.0 + start * (crowded - crowded[..., at, None]))


def approach(time, start, end, time_constant):
    """First-order approach from `start` to `end`: start + (end - start) (1 - e^(-time / time_constant)), time >= 0.

    Any shapes that broadcast; ValueError for a time constant that is not positive.
    """
    if not np.all(np.asarray(time_constant) > 0):
        raise ValueError(f"time_constant is {time_constant}; allowed: more than 0.")
    return start + (end - start) * -np.expm1(-np.asarray(time, dtype=float) / time_constant)
