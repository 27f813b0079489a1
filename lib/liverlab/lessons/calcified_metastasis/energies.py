"""The tab "Is it iodine or calcium?": two voltages side by side, their maps, and what regions say."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np

from liverlab.imaging import energy_scene, two_energies
from liverlab.lessons.calcified_metastasis.patient import Patient
from liverlab.lessons.ct_view import CtView, Scans
from liverlab.lessons.lesson import Lesson
from liverlab.lessons.scanned import ScannedPatient
from liverlab.reading import two_energy_roi
from liverlab.ui import figures, theme
from liverlab.ui.describe import quantity
from liverlab.ui.figure_view import FigureView
from liverlab.ui.figures import Figure

LOW_KVP, HIGH_KVP = 80.0, 140.0
LOW, HIGH = "80 kV", "140 kV"
MAPS = {"Calcium map": "calcium", "Iodine map": "iodine", "Virtual unenhanced": "virtual unenhanced"}
INSIDE = 0.7  # share of a lesion's radius in which its region is drawn
SMALLEST_MM = 4.0  # a lesion below this has no middle to draw a region in
COLOURS = (figures.VERMILION, figures.PURPLE, figures.GREEN)
RINGS = ("dot", "dashdot", "longdashdot")
SYMBOLS = ("circle", "diamond", "square")


@dataclass(frozen=True, eq=False)
class Shown(ScannedPatient):
    """One series of the examination, as the viewer wants it."""

    patient: Patient
    name: str
    made: Any

    @property
    def days(self) -> np.ndarray:
        """Days of the scans."""
        return self.patient.days

    @property
    def visit(self) -> int:
        """The current visit."""
        return self.patient.visit

    @property
    def lesion_labels(self) -> Mapping[str, str]:
        """What the lesions really are."""
        return self.patient.lesion_labels

    def content(self, visit: int) -> Hashable:
        """Everything the picture depends on."""
        # The other voltages differ in nothing else, and kVp and delay stand in the protocol of the patient.
        return self.name, self.patient.content(visit), self.patient.values["tumour_unenhanced_hu"]

    def make_scene(self, visit: int) -> Any:
        """The scan or map."""
        return self.made


class Examination:
    """Both scans of one patient at the current visit, and the regions read from them."""

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        low, high = (patient.scanned(kvp=kvp).scene(patient.visit) for kvp in (LOW_KVP, HIGH_KVP))
        self.scans = energy_scene.TwoScans.of(low, high)
        # What a reader takes tissue to be: unenhanced tumour.
        self.tissue_hu = float(patient.values["tumour_unenhanced_hu"])

    @cached_property
    def series(self) -> dict[str, Shown]:
        """Name of the series -> what the viewer shows."""
        scenes = {LOW: self.scans.low, HIGH: self.scans.high}
        scenes |= {name: energy_scene.EnergyMap(kind, self.scans, self.tissue_hu) for name, kind in MAPS.items()}
        return {name: Shown(self.patient, name, scene) for name, scene in scenes.items()}

    def region_of(self, lesion: int) -> two_energy_roi.Region:
        """The middle of a metastasis."""
        where = self.patient.metastases[lesion]
        radii = np.array(where.axes) * self.patient.course.diameter_mm[lesion, self.patient.visit] / 2 * INSIDE
        return self.region(where.centre_mm[2], where.centre_mm, radii)

    def region(self, z_mm: float, centre_mm: Any, radii_mm: Any) -> two_energy_roi.Region:
        """An ellipse on the slice nearest to a height."""
        index = self.scans.low.anatomy.slice_index(float(z_mm))
        return two_energy_roi.read(self.scans, index, two_energy_roi.ellipse(centre_mm, radii_mm), self.tissue_hu)

    def truth(self, lesion: int) -> tuple[float, float]:
        """Iodine and calcium that a metastasis really holds, mg/mL."""
        patient = self.patient
        enhanced = patient.lesion_tissue_hu(lesion) - patient.unenhanced.lesion_tissue_hu(lesion)
        held = float(patient.calcium_mg_ml[lesion, patient.visit])
        return enhanced / patient.protocol.hu_per_mgi_ml, held


class EnergiesTab:
    """Viewer, table of regions and plots; brought up to date when the tab is looked at."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.examination = lesson, None
        self.table, self.plots = theme.html(""), FigureView()
        lines = "".join(f"<li>{lesson.words.mark(line)}</li>" for line in lesson.data["explain"]["energies"]["lines"])
        how = (
            "Press ] for the other voltage and the next map. Press E on the left picture and draw a region of your own."
        )
        question, told = theme.html(f'<p class="lp-question">{escape(how)}</p>'), theme.html(f"<ul>{lines}</ul>")
        self._around = (question, self.table, self.plots, told)
        self.widget = theme.section(question, told)

    @cached_property
    def view(self) -> CtView:
        """The viewer, made when the tab is first looked at."""
        view = CtView(
            self._scans,
            z_mm=self.lesson.slice_z_mm,
            title="Two energies",
            panes=["energy", "map"],
            text_lines=0,
            stacks={"energy": [LOW, HIGH], "map": list(MAPS)},
            series=SERIES,
        )
        read = self.lesson.page.run(lambda _: self.read(), "read this region")
        view.viewer.observe(read, ["measurement", "truth"])
        return view

    def _scans(self) -> Scans:
        return {name: (one, one.visit) for name, one in self.examination.series.items()}

    def update(self) -> None:
        """Follow the page."""
        first = self.examination is None
        if first or self.examination.patient is not self.lesson.page.state:
            self.examination = Examination(self.lesson.page.state)
            if not first:  # a new viewer shows itself
                self.view.show()
            self.read()
        if first:
            question, *rest = self._around
            self.widget.children = (self.widget.children[0], question, self.view.viewer, *rest)

    def regions(self) -> list[tuple[str, two_energy_roi.Region, tuple[float, float] | None]]:
        """Name, reading and truth of each region; the learner's own last, without a truth."""
        patient = self.examination.patient
        found = [
            (f"{patient.labels[i]}, middle", self.examination.region_of(i), self.examination.truth(i))
            for i in (patient.spot_lesion, patient.enhancing_lesion)
            if patient.course.diameter_mm[i, patient.visit] >= SMALLEST_MM
        ]
        drawn = self.view.viewer.measurement
        if drawn.get("tool") == "ellipse" and "ry_mm" in drawn and min(drawn["rx_mm"], drawn["ry_mm"]) > 0:
            centre, radii = (drawn["x_mm"], drawn["y_mm"]), (drawn["rx_mm"], drawn["ry_mm"])
            with suppress(ValueError):  # so small that it holds no pixel: nothing to say of it
                found.append(("your region", self.examination.region(drawn["z_mm"], centre, radii), None))
        return found

    def read(self) -> None:
        """Table and plots of the regions."""
        found = self.regions()
        self.table.value = regions_table(found, bool(self.view.viewer.truth))
        self.plots.figures = [voltage_plot(self.examination, found), content_plot(self.examination, found)]


def regions_table(found: list, truth: bool) -> str:
    """HTML: what each region reads at both voltages and what follows; with the truth where it is asked for."""
    heads = ["Region", "80 kV", "140 kV", "Calcium", "Iodine", *(["Calcium, truth", "Iodine, truth"] if truth else [])]
    body = ""
    for name, region, held in found:
        sd = np.sqrt(np.diag(region.covariance))
        cells = [
            quantity(region.hu[0], "HU"),
            quantity(region.hu[1], "HU"),
            f"{quantity(region.calcium_mg_ml)} ± {sd[1]:.0f} mg/mL",
            f"{quantity(region.iodine_mg_ml, '', 1)} ± {sd[0]:.1f} mg/mL",
        ]
        if truth:
            cells += ["", ""] if held is None else [quantity(held[1], "mg/mL"), quantity(held[0], "mg/mL", 1)]
        body += f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    note = "± is one standard deviation of the mean, by noise. Twice that is needed to believe it."
    return (
        '<div class="lp-scroll" tabindex="0" role="region" aria-label="Regions"><table class="lp-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div><p>{note}</p>"
    )


def voltage_plot(examination: Examination, found: list) -> Figure:
    """HU at 80 kV against HU at 140 kV: the line of iodine, the line of calcium, the regions and their noise."""
    scans, tissue = examination.scans, examination.tissue_hu
    slopes = two_energies.slopes(*scans.beams, tin=scans.tin)
    highest = max([200.0, *(region.hu[0] + 2 * region.sd_hu[0] for _, region, _ in found)])
    data = []
    for column, (name, colour, dash) in enumerate(
        (("iodine", figures.BLUE, "solid"), ("calcium", figures.ORANGE, "dash"))
    ):
        low, high = slopes[:, column]
        reach = (highest - tissue) / low
        data.append(figures.line([tissue, tissue + reach * high], [tissue, tissue + reach * low], name, colour, dash))
    for (name, region, _), colour, symbol, dash in zip(found, COLOURS, SYMBOLS, RINGS, strict=False):
        ring = np.diag(np.square(region.expected_sd_hu[::-1]))
        data.append(
            figures.points([region.hu[1]], [region.hu[0]], name, colour, symbol,
                           marker={"color": colour, "symbol": symbol, "size": 10})
        )  # fmt: skip
        data.append(
            figures.line(*two_energies.ellipse(region.hu[1], region.hu[0], ring), f"{name}: 95 %", colour, dash)
        )
    alt = "HU at 80 kV against HU at 140 kV. " + " ".join(
        f"{name}: {quantity(region.hu[0], 'HU')} and {quantity(region.hu[1], 'HU')}." for name, region, _ in found
    )
    layout = {
        "xaxis": figures.axis("HU at 140 kV", 0, 0.75 * highest),
        "yaxis": figures.axis("HU at 80 kV", 0, highest),
        **figures.LEGEND,
    }
    return figures.figure("voltages", "Two voltages, two lines", alt, data, layout)


def content_plot(examination: Examination, found: list) -> Figure:
    """Calcium against iodine: each region with the ellipse that noise draws around its mean, and that of one pixel."""
    pixel = two_energy_roi.pixel_covariance(examination.scans)
    data = [figures.line(*two_energies.ellipse(0.0, 0.0, pixel), "one pixel: 95 %", figures.GREY, "dash")]
    for (name, region, _), colour, symbol, dash in zip(found, COLOURS, SYMBOLS, RINGS, strict=False):
        centre = region.iodine_mg_ml, region.calcium_mg_ml
        data.append(
            figures.points([centre[0]], [centre[1]], name, colour, symbol,
                           marker={"color": colour, "symbol": symbol, "size": 10})
        )  # fmt: skip
        data.append(figures.line(*two_energies.ellipse(*centre, region.covariance), f"{name}: 95 %", colour, dash))
    sd_iodine, sd_calcium = np.sqrt(np.diag(pixel))
    alt = (
        f"Calcium against iodine. One pixel: ±{sd_calcium:.0f} mg/mL of calcium and ±{sd_iodine:.1f} mg/mL of iodine. "
        + " ".join(
            f"{name}: calcium {quantity(region.calcium_mg_ml, 'mg/mL')}, "
            f"iodine {quantity(region.iodine_mg_ml, 'mg/mL', 1)}."
            for name, region, _ in found
        )
    )
    layout = {
        "xaxis": figures.axis("iodine, mg/mL", -12, 16),
        "yaxis": figures.axis("calcium, mg/mL", -250, 300),
        **figures.LEGEND,
    }
    return figures.figure("content", "What the regions hold", alt, data, layout)


SERIES = {
    "Calcium map": {
        "unit": "mg/mL", "scale": energy_scene.MAPS["calcium"][1], "digits": 0, "colours": "blue",
        "presets": [
            {"name": "Calcium", "window_hu": 500, "level_hu": 150},
            {"name": "Custom", "window_hu": 300, "level_hu": 100},
        ],
    },
    "Iodine map": {
        "unit": "mg/mL", "scale": energy_scene.MAPS["iodine"][1], "digits": 1, "colours": "iron",
        "presets": [
            {"name": "Iodine", "window_hu": 16, "level_hu": 6},
            {"name": "Custom", "window_hu": 10, "level_hu": 3},
        ],
    },
}  # fmt: skip


def energies_tab(lesson: Lesson) -> widgets.Widget:
    """The tab, following the page."""
    tab = EnergiesTab(lesson)
    return lesson.follow_in_tab(tab.widget, tab.update)
