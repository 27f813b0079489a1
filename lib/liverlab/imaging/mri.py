"""MRI of the virtual abdomen at 1.5 T: the sequences of a liver protocol, and pictures from tissue to grey.

Every tissue holds water and fat; each gives its own signal (`mr_signal`), shortened by gadoxetate where it has arrived
(`gadoxetate`). Two maps, of water and of fat, are painted like a CT and put together as the sequence does: so fat in
liver darkens the opposed phase, and borders of fat and water turn black by themselves. Then the acquired voxel blurs
the picture and noise makes it Rician, fixed in the body by seed and position.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from liverlab.evidence.looks import Part
from liverlab.imaging import ct, gadoxetate, mr_signal
from liverlab.imaging import noise as noise_field
from liverlab.imaging.anatomy import SLICE_SPACING_MM, check_lesions, check_matrix
from liverlab.imaging.anatomy_canvas import TISSUES, blur
from liverlab.imaging.lesion_parts import Parts, painted
from liverlab.imaging.liver_state import NORMAL, Shape
from liverlab.imaging.protocol import Protocol

FULL_SCALE = 3000.0  # counts of a full proton density without relaxation: 12 bits hold every picture
_FAT_T1_MS = 316.0  # subcutaneous fat, de Bazelaire 2004 (3 T, over 1.21)
_FAT_T2_MS = 110.0  # in a train of refocusing pulses, which keeps fat bright (Henkelman 1990); illustrative
_WATER_IN_ADC = 0.4  # share of the brightest liver below which an ADC map shows nothing


@dataclass(frozen=True)
class Sequence:
    """One sequence. kind: `gre` (spoiled gradient echo), `tse` (turbo spin echo), `dwi` (spin echo, b_s_mm2).

    fat: `in`, `opposed` or `saturated`; after_s: when, after gadoxetate was injected (None: before it); voxel_mm:
    acquired in the plane; slice_mm; snr: signal of normal liver before contrast medium over the noise in each channel.
    window, level: where a reader starts, in counts.
    """

    label: str
    kind: str
    tr_ms: float
    te_ms: float
    flip_deg: float
    fat: str
    voxel_mm: float
    slice_mm: float
    snr: float
    window: float
    level: float
    b_s_mm2: float = 0.0
    after_s: float | None = None


def _t1(label: str, after_s: float | None) -> Sequence:
    """The dynamic sequence: a fast gradient echo with fat saturation."""
    return Sequence(label, "gre", 4.2, 2.0, 12.0, "saturated", 1.5, 4.0, 18.0, 280.0, 140.0, after_s=after_s)


# A usual liver protocol at 1.5 T: times as in textbooks and vendors' protocols, noise chosen. Illustrative.
SEQUENCES: dict[str, Sequence] = {
    "t1_in": Sequence("T1 in phase", "gre", 150.0, 4.6, 70.0, "in", 1.5, 6.0, 25.0, 1400.0, 700.0),
    "t1_opposed": Sequence("T1 opposed phase", "gre", 150.0, 2.3, 70.0, "opposed", 1.5, 6.0, 25.0, 1400.0, 700.0),
    "t2": Sequence("T2", "tse", 3500.0, 90.0, 90.0, "in", 1.4, 6.0, 18.0, 1500.0, 700.0),
    "t2_fat_saturated": Sequence(
        "T2 fat saturated", "tse", 3500.0, 80.0, 90.0, "saturated", 1.4, 6.0, 18.0, 1500.0, 700.0
    ),
    "dwi_50": Sequence("DWI b 50", "dwi", 3500.0, 65.0, 90.0, "saturated", 2.8, 6.0, 30.0, 1600.0, 750.0, 50.0),
    "dwi_400": Sequence("DWI b 400", "dwi", 3500.0, 65.0, 90.0, "saturated", 2.8, 6.0, 30.0, 1100.0, 500.0, 400.0),
    "dwi_800": Sequence("DWI b 800", "dwi", 3500.0, 65.0, 90.0, "saturated", 2.8, 6.0, 30.0, 700.0, 320.0, 800.0),
    "t1_before": _t1("T1 before contrast", None),
    "t1_arterial": _t1("T1 late arterial", 25.0),
    "t1_portal": _t1("T1 portal venous", 70.0),
    "t1_transitional": _t1("T1 transitional", 180.0),
    "t1_hepatobiliary": _t1("T1 hepatobiliary", gadoxetate.HEPATOBILIARY_S),
}  # fmt: skip


def tissue_signal(row: Any, sequence: Sequence, concentration_mmol_l: float, relaxivity: float) -> tuple[float, float]:
    """(water, fat) signal of a tissue, each 0..1 before they are put together.

    row: its row of casesdata/tissues/mri.csv; concentration_mmol_l of contrast medium and its relaxivity (L/mmol/s).
    """
    share = row.density_pct / 100.0
    water, fat = share * (1 - row.fat_pct / 100.0), share * row.fat_pct / 100.0
    t1 = float(mr_signal.shortened_ms(row.t1_ms, concentration_mmol_l, relaxivity))
    if sequence.kind == "gre":
        star = float(mr_signal.shortened_ms(row.t2_star_ms, concentration_mmol_l, relaxivity))
        timing = sequence.tr_ms, sequence.te_ms, sequence.flip_deg
        return (
            water * float(mr_signal.spoiled_gradient_echo(t1, star, *timing)),
            fat * float(mr_signal.spoiled_gradient_echo(_FAT_T1_MS, row.t2_star_ms, *timing)),
        )
    moving = (1 - row.flow_loss_pct / 100.0) * float(mr_signal.diffusion(sequence.b_s_mm2, row.adc_um2_ms))
    echo = sequence.tr_ms, sequence.te_ms
    t2 = float(mr_signal.shortened_ms(row.t2_ms, concentration_mmol_l, relaxivity))
    return (
        water * moving * float(mr_signal.spin_echo(t1, t2, *echo)),
        fat * float(mr_signal.spin_echo(_FAT_T1_MS, _FAT_T2_MS, *echo)),
    )


@dataclass(frozen=True, eq=False)
class MriScene:
    """One patient in the magnet: `render(index, matrix)` is the picture of one sequence.

    sequence: key of SEQUENCES, or `adc` for the map from b 50 and 800; tissues: casesdata/tissues/mri.csv; lesions:
    their geometry, parts: what they are made of
    (`lesion_parts.parts_of`); protocol: CT protocol, for the patient's weight and circulation;
    function_pct: uptake of the liver's hepatocytes in per cent of normal; shape: as in `scene.Scene`.
    """

    sequence: str
    tissues: Mapping[str, Any]
    lesions: ct.LesionState
    parts: Parts
    protocol: Protocol
    anatomy: Any
    seed: int = 1
    function_pct: float = 100.0
    shape: Shape = NORMAL

    def __post_init__(self) -> None:
        if self.sequence not in SEQUENCES and self.sequence != "adc":
            raise ValueError(f"sequence is {self.sequence!r}; it must be one of {', '.join(SEQUENCES)} or adc.")
        check_lesions(self.anatomy, self.lesions.centre_mm, self.lesions.semi_axes_mm)

    @property
    def caption(self) -> str:
        """Sequence, as burnt into the picture."""
        return "ADC map" if self.sequence == "adc" else SEQUENCES[self.sequence].label

    @property
    def slice_mm(self) -> float:
        """Slice thickness."""
        return SEQUENCES["dwi_50" if self.sequence == "adc" else self.sequence].slice_mm

    @property
    def series(self) -> dict[str, Any]:
        """Unit, scale and windows, as a viewer needs them."""
        if self.sequence == "adc":
            window = {"name": "ADC", "window_hu": 2.6, "level_hu": 1.3}
            return {"unit": "10⁻³ mm²/s", "scale": 0.001, "digits": 2, "presets": [window]}
        chosen = SEQUENCES[self.sequence]
        windows = [
            {"name": name, "window_hu": chosen.window * wide, "level_hu": chosen.level * wide}
            for name, wide in (("Usual", 1.0), ("Narrow", 0.6), ("Wide", 1.7))
        ]
        return {"unit": "a.u.", "scale": 1.0, "digits": 0, "presets": windows}

    def render(self, index: int, matrix: int) -> np.ndarray:
        """The slice, int16 (matrix, matrix): counts of signal, or ADC in 10^-6 mm^2/s."""
        matrix, index = check_matrix(matrix), self.anatomy.slice_index(index)
        if self.sequence != "adc":
            return ct.counts(self.signal(self.sequence, index, matrix))
        low, high = (np.maximum(self.signal(name, index, matrix), 1.0) for name in ("dwi_50", "dwi_800"))
        value = 1e3 * mr_signal.adc_um2_ms(low, high, SEQUENCES["dwi_50"].b_s_mm2, SEQUENCES["dwi_800"].b_s_mm2)
        floor = _WATER_IN_ADC * self._liver_signal(SEQUENCES["dwi_50"]) * FULL_SCALE
        return ct.counts(np.where(low > floor, np.maximum(value, 0), 0))

    def signal(self, name: str, index: int, matrix: int, noise: bool = True) -> np.ndarray:
        """Magnitude picture of a sequence, float32 (matrix, matrix), in counts of FULL_SCALE."""
        sequence = SEQUENCES[name]
        water, fat = (
            ct.without_noise(
                self.anatomy, self._vector(sequence, which), self._lesions(sequence, which), index, sequence.slice_mm,
                matrix, self.shape, texture=False,
            )
            for which in (0, 1)
        )  # fmt: skip
        picture = mr_signal.water_and_fat(water, fat, sequence.fat)
        picture = blur(picture, self.anatomy.pixel_mm(matrix), sequence.voxel_mm / 2.355)
        if noise:
            sigma = np.float32(self._liver_signal(sequence) * FULL_SCALE / sequence.snr)
            white = _white(sequence.voxel_mm)
            real, imaginary = (
                noise_field.plane(
                    index + shift, matrix, self.anatomy.fov_mm, sequence.slice_mm, SLICE_SPACING_MM, self.seed, white
                )
                for shift in _channels(name)
            )
            picture = mr_signal.rician(picture, sigma, real, imaginary)
        return picture

    def over_liver(self) -> np.ndarray:
        """(L,) signal of each lesion over that of the liver, by the area of its parts, without noise and blur.

        Of the map `adc` the diffusion coefficients themselves, lesion over liver.
        """
        if self.sequence == "adc":
            return self._mean(lambda part: self.tissues[part.tissue].adc_um2_ms) / self.tissues["liver"].adc_um2_ms
        sequence = SEQUENCES[self.sequence]
        given = _given(self.protocol, sequence.after_s)
        liver = tissue_signal(self.tissues["liver"], sequence, *self._dye("liver", given))
        water, fat = (self._mean(lambda part, which=which: self._value(part, sequence, which)) for which in (0, 1))
        return mr_signal.water_and_fat(water, fat, sequence.fat) / (
            FULL_SCALE * float(mr_signal.water_and_fat(*liver, sequence.fat))
        )

    # --- inside ---

    def _mean(self, value_of: Any) -> np.ndarray:
        """Mean over the cross-section of each lesion of a value of its parts: rim, around inner, around centre."""
        state = painted(self.lesions, self.parts, value_of)
        inner = np.where(state.inner_fraction > 0, state.inner_fraction, 0.0) ** 2
        centre = state.centre_fraction**2
        around_centre = np.where(inner > 0, state.inner_hu, state.rim_hu)
        return state.rim_hu + inner * (state.inner_hu - state.rim_hu) + centre * (state.centre_hu - around_centre)

    def _liver_signal(self, sequence: Sequence) -> float:
        """Signal of normal liver before contrast medium, without diffusion weighting: what the noise is measured by."""
        water, fat = tissue_signal(self.tissues["liver"], _plain(sequence), 0.0, 0.0)
        return float(mr_signal.water_and_fat(water, fat, sequence.fat))

    def _vector(self, sequence: Sequence, which: int) -> np.ndarray:
        given = _given(self.protocol, sequence.after_s)
        values = [tissue_signal(self.tissues[name], sequence, *self._dye(name, given))[which] for name in TISSUES]
        return np.array(values, np.float32) * np.float32(FULL_SCALE)

    def _dye(self, name: str, given: Mapping[str, float]) -> tuple[float, float]:
        """Concentration and relaxivity of the contrast medium in an organ."""
        blood = given.get(name, 0.0)
        if name != "liver":
            return blood, gadoxetate.R1_BLOOD_L_MMOL_S
        cells = given["hepatocytes"] * self.function_pct / 100.0
        return _together(blood, cells)

    def _lesions(self, sequence: Sequence, which: int) -> ct.LesionState:
        return painted(self.lesions, self.parts, lambda part: self._value(part, sequence, which))

    def _value(self, part: Part, sequence: Sequence, which: int) -> float:
        """Water (0) or fat (1) signal of a part of a lesion, in counts."""
        blood = 0.0
        if sequence.after_s is not None and part.enhancement_hu:
            blood = float(gadoxetate.lesion_mmol_l(self.protocol, sequence.after_s, part.enhancement_hu, part.kinetics))
        cells = _given(self.protocol, sequence.after_s)["hepatocytes"] * part.hepatocyte_pct / 100.0
        dye = _together(blood, cells * self.function_pct / 100.0)
        return FULL_SCALE * tissue_signal(self.tissues[part.tissue], sequence, *dye)[which]


def _plain(sequence: Sequence) -> Sequence:
    return Sequence(**{**vars(sequence), "b_s_mm2": 0.0, "after_s": None})


def _together(blood: float, cells: float) -> tuple[float, float]:
    """One concentration and the relaxivity that gives what both, outside and inside hepatocytes, do together."""
    total = blood + cells
    if not total:
        return 0.0, 0.0
    rate = gadoxetate.R1_BLOOD_L_MMOL_S * blood + gadoxetate.R1_HEPATOCYTE_L_MMOL_S * cells
    return total, rate / total


@lru_cache(maxsize=32)
def _given(protocol: Protocol, after_s: float | None) -> Mapping[str, float]:
    """Contrast medium (mmol/L) outside cells in every organ, and under `hepatocytes` what normal ones hold."""
    if after_s is None:
        return {"hepatocytes": 0.0}
    return {
        **gadoxetate.extracellular_mmol_l(protocol, after_s),
        "hepatocytes": gadoxetate.hepatocyte_mmol_l(protocol, after_s),
    }


@lru_cache(maxsize=8)
def _white(voxel_mm: float) -> Any:
    """White noise up to the highest frequency that was acquired; the picture is interpolated from there."""
    highest = 0.5 / voxel_mm
    return lambda f_per_mm: np.where(f_per_mm < highest, 1.0 / np.sqrt(noise_field.density(f_per_mm)), 0.0)


def _channels(name: str) -> tuple[int, int]:
    """Where in the noise field the two channels lie, in slices: every sequence is an acquisition of its own."""
    place = 42 * list(SEQUENCES).index(name)
    return place, place + 21
