"""Scarred livers for the tests: a woman with many metastases in her liver, under chemotherapy."""

import numpy as np
from tests.disease.patient import Lesion

from liverlab import evidence
from liverlab.disease import burden, scarred_liver

EV = evidence.load()
VISITS = np.array([0.0, 61.0, 122.0, 183.0, 274.0, 365.0, 456.0, 548.0, 730.0])
BREAST = {
    "perfusion_loss_pct": 0.0,
    "growth_rate_per_week": 0.0044,
    "shrinkage_rate_per_week": 0.03,
    "resistance_rate_per_week": 0.058,
    "second_line_effect_pct": 150.0,
    "nodule_amplitude_mm": 1.0,
}
VALUES = {key: parameter.value for key, parameter in EV.parameters.items()} | BREAST


def liver(count=24, gap_mm=0.0, visits=VISITS, step_d=scarred_liver.STEP_D, **changes):
    """One liver with `count` lesions that share the tumour load."""
    values = VALUES | changes
    sizes = burden.diameters_mm(count, values["tumour_load_pct"] / 100 * values["liver_ml"])
    lesions = [Lesion(f"L{i}", "non_target", max(float(d), 1e-3), "hypo") for i, d in enumerate(sizes)]
    return scarred_liver.simulate(values, lesions, np.full(count, gap_mm), visits, EV.labs, step_d)


NO_TUMOUR = {"tumour_load_pct": 0.0, "nodule_amplitude_mm": 0.0}
FAILING = {
    "tumour_load_pct": 25.0,
    "scar_share_pct": 60.0,
    "regeneration_pct": 10.0,
    "nodule_amplitude_mm": 1.8,
    "therapy_change_months": 24.0,
}
