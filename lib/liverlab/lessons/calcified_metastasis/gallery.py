"""The gallery of lesson 04: one lesion a patient, drawn by its look, and what each next step returns of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.disease import tumour
from liverlab.imaging import anatomy, contrast, ct, energy_scene, lesion_looks
from liverlab.imaging.anatomy_canvas import grid
from liverlab.imaging.calcium import CALCIUM_HU
from liverlab.imaging.protocol import Protocol
from liverlab.imaging.scene import Scene
from liverlab.lessons.scanned import ScannedPatient
from liverlab.reading import two_energy_roi
from liverlab.ui.describe import quantity, sentences

ARTERIAL_S, DELAYED_S, YEARS = 35.0, 300.0, 2.0
LOW_KVP, HIGH_KVP = 80.0, 140.0
INSIDE = 0.9  # share of the radius in which a region is drawn
SMALLEST_MM = 2.0  # what is smaller on an older scan is not seen
FEWEST_PIXELS = 12  # a bright part of fewer pixels is no region
TISSUE_SD_HU = 10.0  # how far tissue may lie from what the reader assumes; illustrative
DENSE_AS = ((1000.0, "denser than any bone: metal"), (500.0, "as dense as bone"), (-1e4, "less dense than bone"))
SURE_SD = 2.0  # this many SD from nothing count as found


@dataclass(frozen=True, eq=False)
class Case(ScannedPatient):
    """One patient of the gallery, scanned once."""

    ev: evidence.Evidence
    scenario: evidence.Scenario
    values: Mapping[str, float]
    case: Any
    protocol: Protocol
    years_ago: float = 0.0
    visit: int = 0

    @property
    def days(self) -> np.ndarray:
        """Days of the case; the lesion looks the same on all of them."""
        return np.asarray(self.case.visits_day, dtype=float)

    def visit_name(self, visit: int) -> str:
        """When the patient was scanned."""
        return f"{self.years_ago:.0f} years ago" if self.years_ago else "Today"

    @property
    def lesion(self) -> Any:
        """The lesion in question."""
        return self.case.lesions[0]

    @cached_property
    def diameter_mm(self) -> float:
        """Its diameter on this scan: today's, less what it has grown since."""
        per_day = tumour.per_day(self.values["growth_rate_per_week"])
        days = -365.25 * self.years_ago
        return float(self.lesion.diameter_mm * np.exp(tumour.log_claret(days, per_day, 0.0, 0.0)))

    @property
    def calcium_share(self) -> float | None:
        """Share of the lesion that its calcium fills, where the case says how much; else the look decides."""
        mg_ml = self.values["calcium_start_mg_ml"]
        return lesion_looks.share_of_mg_ml(self.ev.looks[self.lesion.look], mg_ml) if mg_ml else None

    @property
    def lesion_labels(self) -> Mapping[str, str]:
        """Lesion id -> name."""
        return {self.lesion.id: self.lesion.label}

    def content(self, visit: int) -> Hashable:
        """Everything the picture depends on."""
        return self.scenario.case, self.scenario.seed, self.protocol, self.years_ago

    def lesion_state(self, visit: int) -> ct.LesionState:
        """The lesion as the scanner meets it; nothing where it was too small to be seen."""
        if self.diameter_mm < SMALLEST_MM:
            return ct.NO_LESIONS
        semi = np.array([self.lesion.axes]) * self.diameter_mm / 2
        look = self.ev.looks[self.lesion.look]
        share = self.calcium_share
        where = (["X"], [self.lesion.centre_mm], semi, self.protocol, self.values)
        return lesion_looks.state([look], *where, deposit_share=None if share is None else [share])

    def make_scene(self, visit: int) -> Scene:
        """The scan."""
        tissues = contrast.tissue_hu(self.protocol, self.ev.tissues["ct"], self.values)
        return Scene(tissues, self.lesion_state(visit), self.protocol, self.scenario.seed)

    def scanned(self, years_ago: float = 0.0, **changes: float) -> Case:
        """The same patient scanned otherwise or earlier."""
        return replace(self, protocol=replace(self.protocol, **changes), years_ago=years_ago)

    # --- what can be read ---

    @cached_property
    def _inside(self) -> tuple[int, np.ndarray]:
        """Slice through the lesion and the pixels in it on the sharp picture."""
        x, y, z = self.lesion.centre_mm
        radius, g = INSIDE * self.diameter_mm / 2, grid(512)
        inside = np.hypot(g.x_mm[None, :] - x, g.y_mm[:, None] - y) < radius
        return anatomy.default().slice_index(float(z)), inside

    @cached_property
    def hu(self) -> np.ndarray:
        """HU of the pixels in the lesion, noise left out."""
        index, inside = self._inside
        one = self.scene(0)
        picture = ct.render(one.anatomy, one.tissue_hu, one.lesions, index, self.protocol, 512, noise=False)
        return picture[inside].astype(float)

    @cached_property
    def liver_hu(self) -> float:
        """HU of the liver."""
        return float(contrast.liver_hu(self.values, 0.0, self.protocol))

    @cached_property
    def energies(self) -> two_energy_roi.Region:
        """What two voltages say of the bright part of the lesion, or of all of it, from noisy pictures."""
        index, inside = self._inside
        low, high = (self.scanned(kvp=kvp).scene(0) for kvp in (LOW_KVP, HIGH_KVP))
        bright = self.hu >= CALCIUM_HU
        if bright.sum() >= FEWEST_PIXELS:
            inside = inside.copy()
            inside[inside] = bright
        tissue_hu = self.values["tumour_unenhanced_hu"]
        return two_energy_roi.read(energy_scene.TwoScans.of(low, high), index, inside, tissue_hu, TISSUE_SD_HU)


def simulate(scenario: evidence.Scenario, ev: evidence.Evidence) -> Case:
    """The patient of a case whose lesion is drawn by its look."""
    values = ev.values(scenario)
    return Case(ev, scenario, values, ev.cases[scenario.case], Protocol.from_values(values))


def patient_of(item: Mapping[str, Any], ev: evidence.Evidence) -> Case:
    """The patient of an item of the lesson file."""
    scenario = evidence.Scenario(item["case"])
    return simulate(scenario.with_changes(**item["changes"]) if item.get("changes") else scenario, ev)


def step(patient: Case, id_: str) -> dict[str, Any]:
    """What a next step returns: words for its card, and the patient as scanned then where it makes a picture."""
    return STEPS[id_](patient)


def unenhanced(patient: Case) -> dict[str, Any]:
    """Without contrast medium."""
    plain = patient.scanned(delay_s=0.0)
    gain = float(patient.hu.mean() - plain.hu.mean())
    rule = "so that the rule says calcium" if plain.hu.max() >= CALCIUM_HU else "less than the 130 HU of the rule"
    if plain.protocol.kvp != 120.0:
        rule += f"; the rule was made for 120 kV, this is {plain.protocol.kvp:.0f}"
    return _shown(
        plain,
        [
            f"mean {quantity(plain.hu.mean(), 'HU')}, liver {quantity(plain.liver_hu, 'HU')}",
            f"its brightest pixel has {quantity(plain.hu.max(), 'HU')}, {rule}",
            f"the contrast medium adds {quantity(gain, 'HU', signed=True)}",
        ],
    )


def bone(patient: Case) -> dict[str, Any]:
    """The same picture in the bone window."""
    top = float(patient.hu.max())
    words = next(word for limit, word in DENSE_AS if top > limit)
    share = float((patient.hu > CALCIUM_HU).mean())
    return _shown(
        patient,
        [
            f"press 3 for the bone window. The brightest pixel has {quantity(top, 'HU')}, {words}",
            f"{quantity(100 * share, '%')} of the lesion is above {CALCIUM_HU:.0f} HU",
        ],
    )


def energy(patient: Case) -> dict[str, Any]:
    """Two voltages."""
    found = patient.energies
    sd = np.sqrt(np.diag(found.covariance))
    surely = np.array([found.iodine_mg_ml, found.calcium_mg_ml]) / sd
    iodine, calcium = (bool(one) for one in surely > SURE_SD)
    says = {
        (True, True): "both are there",
        (True, False): "calcium is there, iodine is not proven",
        (False, True): "iodine is there, calcium is not proven",
        (False, False): "both stay open",
    }[calcium, iodine]
    if surely.min() < -SURE_SD:
        says = "one comes out negative, so it is neither"
    return _shown(
        patient.scanned(kvp=LOW_KVP),
        [
            f"bright part: mean {quantity(found.hu[0], 'HU')} at 80 kV and {quantity(found.hu[1], 'HU')} at 140 kV",
            f"calcium {quantity(found.calcium_mg_ml, 'mg/mL')} (±{sd[1]:.0f}), iodine "
            f"{quantity(found.iodine_mg_ml, 'mg/mL', 1)} (±{sd[0]:.1f}): {says}",
        ],
    )


def arterial(patient: Case) -> dict[str, Any]:
    """Late arterial phase."""
    return _phase(patient.scanned(delay_s=ARTERIAL_S), patient)


def delayed(patient: Case) -> dict[str, Any]:
    """Five minutes after the injection."""
    return _phase(patient.scanned(delay_s=DELAYED_S), patient)


def old(patient: Case) -> dict[str, Any]:
    """The scan of two years ago."""
    before = patient.scanned(years_ago=YEARS)
    if before.diameter_mm < SMALLEST_MM:
        return _shown(before, ["nothing is seen there"])
    change = "unchanged" if abs(before.diameter_mm / patient.diameter_mm - 1) < 0.05 else "it has grown"
    return _shown(
        before,
        [f"{quantity(before.diameter_mm, 'mm')} then, {quantity(patient.diameter_mm, 'mm')} today: {change}"],
    )


def _phase(now: Case, today: Case) -> dict[str, Any]:
    plain = today.scanned(delay_s=0.0)
    gain, liver = now.hu.mean() - plain.hu.mean(), now.liver_hu - plain.liver_hu
    word = "more than" if gain > liver + 5 else "less than" if gain < liver - 5 else "as much as"
    return _shown(
        now,
        [
            f"mean {quantity(now.hu.mean(), 'HU')}, liver {quantity(now.liver_hu, 'HU')}",
            f"the lesion enhances by {quantity(gain, 'HU', signed=True)}, {word} the liver "
            f"({quantity(liver, 'HU', signed=True)})",
        ],
    )


def _shown(patient: Case, said: list[str]) -> dict[str, Any]:
    return {"result": sentences(said), "patient": patient}


STEPS = {
    "unenhanced": unenhanced,
    "bone": bone,
    "energy": energy,
    "arterial": arterial,
    "delayed": delayed,
    "old": old,
}
