"""Where the iodine goes: the blood circulation as well-mixed pools, from the arm vein to the urine.

A reduced form of whole-body contrast models (structure: Bae, Heiken, Brink, Radiology 1998;207:647-662). Each pool
holds an amount of iodine x in mg; blood carries it on at its flow, plasma exchanges it with the interstitium, the
kidneys clear it: x' = A x + b u(t), solved by matrix exponentials (no step-size error).
The parameters are not Bae's. Flows and the starting values of the volumes are reference physiology; volumes and
permeabilities were then calibrated here, so that 0.5 gI/kg in a patient of 70 kg at 120 kVp gives the published HU of
vessels, liver and spleen at 35, 70 and 180 s. All are illustrative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .protocol import Protocol

END_S = 300.0
STEP_S = 1.0
HAEMATOCRIT = 0.42
ARM_FLOW_ML_S = 3.0

POOLS = (
    "arm", "right_heart", "lung_1", "lung_2", "left_heart", "aorta", "upper", "gut", "gut_interstitium", "spleen",
    "portal", "liver", "hepatic_vein", "kidney", "tubules", "lower", "lower_interstitium", "ivc", "urine",
)  # fmt: skip
_AT = {name: index for index, name in enumerate(POOLS)}


@dataclass(frozen=True)
class Body:
    """Parameters at 70 kg. Flow fractions of the cardiac output; volumes in mL, scaled by `size`.

    Volumes of organs without an interstitium of their own are the volume of blood that would hold their iodine.
    """

    to_hepatic_artery: float = 0.065
    to_gut: float = 0.14
    to_spleen: float = 0.05
    to_kidney: float = 0.19
    to_upper: float = 0.20
    arm: float = 52.0
    right_heart: float = 390.0
    lung: float = 252.0
    left_heart: float = 212.0
    aorta: float = 235.0
    upper: float = 1110.0
    gut: float = 220.0
    gut_interstitium: float = 507.0
    gut_ps_ml_s: float = 8.7
    spleen: float = 96.0
    portal: float = 146.0
    liver: float = 685.0
    hepatic_vein: float = 164.0
    kidney: float = 122.0
    lower: float = 1115.0
    lower_interstitium: float = 3190.0
    lower_ps_ml_s: float = 88.0
    ivc: float = 648.0
    tubule_s: float = 140.0  # time constant with which iodine leaves the kidney for the urine


BODY = Body()


def size(weight_kg: float) -> float:
    """Volumes relative to 70 kg: the square root of the weight, as blood volume goes at a given height.

    Source: Lemmens, Bernstein, Brodsky, Obes Surg 2006;16:773-6 (70 / sqrt(BMI / 22) mL per kg). Iodine dosed per kg
    therefore enhances heavy patients more, until their size takes HU away again (`hu.body_cm`).
    """
    return math.sqrt(weight_kg / 70.0)


def rates(protocol: Protocol, body: Body = BODY) -> np.ndarray:
    """The matrix A (1/s) of x' = A x for this patient at rest; every column sums to 0, so that no iodine is lost."""
    scale = size(protocol.weight_kg)
    output = protocol.cardiac_output_l_min * 1000.0 / 60.0
    lower = 1.0 - body.to_hepatic_artery - body.to_gut - body.to_spleen - body.to_kidney - body.to_upper
    portal = (body.to_gut + body.to_spleen) * output
    liver = portal + body.to_hepatic_artery * output
    arm = min(ARM_FLOW_ML_S, body.to_upper * output)
    a = np.zeros((len(POOLS), len(POOLS)))

    def carry(source: str, target: str, flow_ml_s: float, volume_ml: float) -> None:
        rate = flow_ml_s / (volume_ml * scale)
        a[_AT[source], _AT[source]] -= rate
        a[_AT[target], _AT[source]] += rate

    carry("arm", "right_heart", arm, body.arm)
    carry("right_heart", "lung_1", output, body.right_heart)
    carry("lung_1", "lung_2", output, body.lung)
    carry("lung_2", "left_heart", output, body.lung)
    carry("left_heart", "aorta", output, body.left_heart)
    carry("aorta", "upper", body.to_upper * output, body.aorta)
    carry("aorta", "gut", body.to_gut * output, body.aorta)
    carry("aorta", "spleen", body.to_spleen * output, body.aorta)
    carry("aorta", "liver", body.to_hepatic_artery * output, body.aorta)
    carry("aorta", "kidney", body.to_kidney * output, body.aorta)
    carry("aorta", "lower", lower * output, body.aorta)
    carry("upper", "arm", arm, body.upper)
    carry("upper", "right_heart", body.to_upper * output - arm, body.upper)
    carry("gut", "portal", body.to_gut * output, body.gut)
    carry("spleen", "portal", body.to_spleen * output, body.spleen)
    carry("portal", "liver", portal, body.portal)
    carry("liver", "hepatic_vein", liver, body.liver)
    carry("hepatic_vein", "right_heart", liver, body.hepatic_vein)
    carry("kidney", "ivc", body.to_kidney * output, body.kidney)
    carry("lower", "ivc", lower * output, body.lower)
    carry("ivc", "right_heart", (lower + body.to_kidney) * output, body.ivc)
    # Contrast medium is in the plasma only: its plasma concentration is that of blood / (1 - haematocrit).
    plasma = 1.0 - HAEMATOCRIT
    carry("gut", "gut_interstitium", body.gut_ps_ml_s * scale / plasma, body.gut)
    carry("gut_interstitium", "gut", body.gut_ps_ml_s * scale, body.gut_interstitium)
    carry("lower", "lower_interstitium", body.lower_ps_ml_s * scale / plasma, body.lower)
    carry("lower_interstitium", "lower", body.lower_ps_ml_s * scale, body.lower_interstitium)
    carry("kidney", "tubules", protocol.renal_clearance_ml_min / 60.0 / plasma, body.kidney)
    carry("tubules", "urine", 1.0, body.tubule_s / scale)
    return a


def exponential_of(matrix: np.ndarray) -> np.ndarray:
    """The matrix exponential, by a Taylor series of 11 terms on a matrix scaled to norm <= 1/2, then squared back."""
    norm = float(np.abs(matrix).sum(axis=0).max())
    halvings = max(0, int(np.ceil(np.log2(norm))) + 1) if norm > 0 else 0
    scaled = matrix / 2.0**halvings
    one = np.eye(matrix.shape[0])
    answer = one
    for term in range(11, 0, -1):
        answer = one + scaled @ answer / term
    for _ in range(halvings):
        answer = answer @ answer
    return answer


def amounts_mg(protocol: Protocol, body: Body = BODY) -> tuple[np.ndarray, np.ndarray]:
    """Seconds (N,) from 0 to END_S since the start of the injection, and iodine in mg in each pool (N, len(POOLS))."""
    time = np.arange(0.0, END_S + STEP_S / 2, STEP_S)
    pump = protocol.injection_rate_ml_s
    iodine_mg_s = pump * protocol.iodine_concentration_mg_ml
    ends = (protocol.injection_s, protocol.injection_s + protocol.flush_s, END_S)
    circulation = rates(protocol, body)
    arm, arm_ml = _AT["arm"], body.arm * size(protocol.weight_kg)
    x = np.zeros(len(POOLS) + 1)
    x[-1] = 1.0  # the constant input, carried as one more state
    answer = np.zeros((time.size, x.size))
    answer[0] = x
    now, filled = 0.0, 1
    for end, extra, source in zip(ends, (pump, pump, 0.0), (iodine_mg_s, 0.0, 0.0), strict=True):
        end = min(end, END_S)
        if end <= now:
            continue
        system = np.zeros((x.size, x.size))
        system[:-1, :-1] = circulation
        system[arm, arm] -= extra / arm_ml
        system[_AT["right_heart"], arm] += extra / arm_ml
        system[arm, -1] = source
        last = int(end // STEP_S)  # the last grid point of this phase
        if last >= filled:
            # To the first grid point, then whole steps, doubling the block each time instead of one by one.
            block = (exponential_of(system * (time[filled] - now)) @ x)[None]
            power = exponential_of(system * STEP_S)
            while block.shape[0] <= last - filled:
                block = np.concatenate([block, block @ power.T])
                power = power @ power
            answer[filled : last + 1] = block[: last + 1 - filled]
            x, now, filled = answer[last], time[last], last + 1
        if end > now:
            x, now = exponential_of(system * (end - now)) @ x, end
    return time, answer[:, :-1]
