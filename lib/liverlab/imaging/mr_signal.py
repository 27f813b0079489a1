"""What a magnet gets out of a tissue: the signal equations of the sequences used in the liver.

Signals are relative to a full proton density without relaxation (0..1). Relaxation times in ms, b in s/mm^2, apparent
diffusion coefficients in um^2/ms, which is 10^-3 mm^2/s. All functions broadcast. Textbook equations: Bernstein, King,
Zhou, Handbook of MRI Pulse Sequences, 2004; diffusion: Stejskal and Tanner, J Chem Phys 1965;42:288.
"""

from __future__ import annotations

import numpy as np

from liverlab.disease.checks import number

_LONGEST_MS = 1e6


def spoiled_gradient_echo(t1_ms, t2_star_ms, tr_ms, te_ms, flip_deg):
    """sin a (1 - E1) / (1 - E1 cos a) e^(-TE / T2*), with E1 = e^(-TR / T1): the steady state of a spoiled echo.

    t1_ms, t2_star_ms, tr_ms > 0 ms; te_ms >= 0 ms; flip_deg 0..90. Largest at the Ernst angle, cos a = E1.
    """
    e1 = np.exp(-_time("tr_ms", tr_ms) / _time("t1_ms", t1_ms))
    angle = np.deg2rad(number("flip_deg", flip_deg, 0, 90, "degrees"))
    decay = np.exp(-number("te_ms", te_ms, 0, _LONGEST_MS, "ms") / _time("t2_star_ms", t2_star_ms))
    return np.sin(angle) * (1 - e1) / (1 - e1 * np.cos(angle)) * decay


def spin_echo(t1_ms, t2_ms, tr_ms, te_ms):
    """(1 - e^(-TR / T1)) e^(-TE / T2): a spin echo, or a train of them with the effective echo time te_ms.

    t1_ms, t2_ms, tr_ms > 0 ms; te_ms >= 0 ms.
    """
    recovery = -np.expm1(-_time("tr_ms", tr_ms) / _time("t1_ms", t1_ms))
    return recovery * np.exp(-number("te_ms", te_ms, 0, _LONGEST_MS, "ms") / _time("t2_ms", t2_ms))


def diffusion(b_s_mm2, adc_um2_ms):
    """e^(-b ADC): what diffusion weighting b (s/mm^2, >= 0) leaves of a signal; adc_um2_ms >= 0."""
    b_s_mm2 = number("b_s_mm2", b_s_mm2, 0, 1e5, "s/mm2")
    return np.exp(-1e-3 * b_s_mm2 * number("adc_um2_ms", adc_um2_ms, 0, 1e4, "um2/ms"))


def adc_um2_ms(signal_low, signal_high, b_low_s_mm2, b_high_s_mm2):
    """ln(S_low / S_high) / (b_high - b_low) in um^2/ms: the apparent diffusion coefficient from two b values.

    Signals (...) > 0 in any unit. ValueError unless b_low_s_mm2 < b_high_s_mm2.
    """
    if not b_low_s_mm2 < b_high_s_mm2:
        raise ValueError(f"b_low_s_mm2 is {b_low_s_mm2:g}; it must be below b_high_s_mm2, {b_high_s_mm2:g} s/mm2.")
    low = number("signal_low", signal_low, 0, above=True)
    high = number("signal_high", signal_high, 0, above=True)
    return 1e3 * np.log(low / high) / (b_high_s_mm2 - b_low_s_mm2)


def water_and_fat(water, fat, phase):
    """Magnitude of a voxel that holds both: |W + F| in phase, |W - F| opposed, W where fat is saturated.

    water, fat (...): their signals, >= 0; phase: `in`, `opposed` or `saturated`. At 1.5 T they are in phase at
    multiples of 4.6 ms and opposed at 2.3 ms.
    """
    if phase not in FAT:
        raise ValueError(f"phase is {phase!r}; it must be one of {', '.join(FAT)}.")
    return np.abs(water + np.float32(FAT[phase]) * fat)


# What becomes of fat: its sign, or what saturation leaves of it (a few per cent; illustrative).
FAT = {"in": 1.0, "opposed": -1.0, "saturated": 0.05}


def fat_fraction(in_phase, opposed):
    """(IP - OP) / (2 IP): fat over all signal, from magnitudes; true up to 50 % fat, then it counts the water."""
    in_phase = number("in_phase", in_phase, 0, above=True)
    return (in_phase - number("opposed", opposed, 0)) / (2 * in_phase)


def shortened_ms(time_ms, concentration_mmol_l, relaxivity_l_mmol_s):
    """1 / (1 / T + r c): a relaxation time (ms) in the presence of contrast medium.

    time_ms > 0; concentration_mmol_l >= 0; relaxivity_l_mmol_s >= 0 in L per mmol and s.
    """
    rate = number("relaxivity_l_mmol_s", relaxivity_l_mmol_s, 0) * number(
        "concentration_mmol_l", concentration_mmol_l, 0
    )
    return 1.0 / (1.0 / _time("time_ms", time_ms) + 1e-3 * rate)


def rician(signal, sigma, real, imaginary):
    """Magnitude of a signal with noise in both channels: sqrt((S + s n1)^2 + (s n2)^2).

    signal (...) >= 0; sigma: SD of the noise in a channel, in the signal's unit; real, imaginary (...): noise of unit
    SD. Without signal the mean is s sqrt(pi / 2), not 0 (Gudbjartsson and Patz, Magn Reson Med 1995;34:910).
    """
    return np.hypot(signal + sigma * real, sigma * imaginary)


def _time(name, value):
    return number(name, value, 0, _LONGEST_MS, "ms", above=True)
