"""MRI of the liver.

Textbook limits of the signal equations, diffusion coefficients recovered from pictures, gadoxetate.
"""

import numpy as np

from liverlab import evidence
from liverlab.evidence.looks import Part
from liverlab.imaging import anatomy, gadoxetate, mr_signal, mri
from liverlab.imaging.lesions import LesionState
from liverlab.imaging.protocol import REFERENCE

from . import Vector

_PLACE, _INDEX = (-100.0, -34.0, 3.0), 33


def _scene(sequence, tissue="metastasis"):
    lesion = LesionState(("a",), [_PLACE], [[12.0] * 3], [0.0], lobulation=0.0)
    tissues = evidence.load().tissues["mri"]
    return mri.MriScene(
        sequence, tissues, lesion, {"rim": [Part(1, 0, 0, 0, "none", tissue)]}, REFERENCE, anatomy.default()
    )


def _adc(tissue):
    picture = _scene("adc", tissue).render(_INDEX, 256) / 1000.0
    return float(picture[124:133, 54:63].mean())


def _lesion_over_liver(sequence, tissue):
    picture = _scene(sequence, tissue).signal(sequence, _INDEX, 128, noise=False)
    return float(picture[63:66, 28:31].mean() / picture[72:75, 23:26].mean())


def _liver_t1(t_s):
    row = evidence.load().tissues["mri"]["liver"]
    blood = gadoxetate.extracellular_mmol_l(REFERENCE, t_s)["liver"]
    cells = gadoxetate.hepatocyte_mmol_l(REFERENCE, t_s)
    rate = gadoxetate.R1_BLOOD_L_MMOL_S * blood + gadoxetate.R1_HEPATOCYTE_L_MMOL_S * cells
    return float(mr_signal.shortened_ms(row.t1_ms, 1.0, rate))


VECTORS = [
    Vector("MR-Ernst", "Spoiled echo, T1 600 ms, TR 5 ms: flip angle of the largest signal, degrees", 7.39,
           "computed: arccos e^(-TR / T1)",
           lambda: float(0.01 * np.argmax(mr_signal.spoiled_gradient_echo(600, 1e6, 5, 0, np.arange(0, 90, 0.01)))),
           0.01),
    Vector("MR-null", "Spin echo after TR = T1 ln 2: share of the full signal", 0.5, "computed: 1 - e^(-ln 2)",
           lambda: float(mr_signal.spin_echo(600, 1e6, 600 * np.log(2), 0)), 1e-9),
    Vector("MR-T2", "Spin echo at TE = T2: share of the signal at TE 0", 0.36788, "computed: 1 / e",
           lambda: float(mr_signal.spin_echo(1, 80, 1e5, 80)), 1e-5),
    Vector("MR-opposed", "Liver with 20 % fat, no relaxation: opposed over in phase", 0.6, "computed: 1 - 2 f",
           lambda: float(mr_signal.water_and_fat(0.8, 0.2, "opposed") / mr_signal.water_and_fat(0.8, 0.2, "in")), 1e-6),
    Vector("MR-b", "ADC from signals 1 and 0.4493 at b 0 and 800 s/mm2: um2/ms", 1.0, "computed: ln(S0/S) / b",
           lambda: float(mr_signal.adc_um2_ms(1.0, 0.44933, 0, 800)), 1e-4),
    Vector("MR-floor", "Mean of Rician noise without signal, SD 1 in a channel", 1.2533,
           "Gudbjartsson 1995: sqrt(pi / 2)",
           lambda: float(mr_signal.rician(0.0, 1.0, *np.random.default_rng(1).standard_normal((2, 400_000))).mean()),
           0.003),
    Vector("MR-ADC malignant", "Living metastasis, 24 mm, measured on the noisy ADC map: um2/ms", 0.98, "Mungai 2014",
           lambda: _adc("metastasis"), 0.1),
    Vector("MR-ADC cyst", "Simple cyst, 24 mm, measured on the noisy ADC map: um2/ms", 2.58, "3 T series, abstract",
           lambda: _adc("cyst"), 0.25),
    Vector("MR-T2 cut", "Does T2 of 112 ms part haemangioma and cyst from metastasis?", "yes", "McFarland 1994",
           lambda: "yes" if _t2("metastasis") < 112 < min(_t2("haemangioma"), _t2("cyst")) else "no"),
    Vector("MR-T2 bright", "Metastasis over liver on T2 with fat saturation: brighter?", "yes", "usual appearance",
           lambda: "yes" if _lesion_over_liver("t2_fat_saturated", "metastasis") > 1.2 else "no"),
    Vector("MR-T1 fall", "Liver, 20 minutes after gadoxetate: fall of T1, %", 65.0, "series of normal livers, 60-70 %",
           lambda: 100 * (1 - _liver_t1(1200.0) / _liver_t1(0.0)), 5.0),
    Vector("MR-volume", "Gadoxetate for 70 kg: mL", 7.0, "label: 0.1 mL per kg",
           lambda: gadoxetate.injection(REFERENCE).volume_ml, 1e-9),
]  # fmt: skip


def _t2(tissue):
    return evidence.load().tissues["mri"][tissue].t2_ms
