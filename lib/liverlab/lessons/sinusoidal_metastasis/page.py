"""Lesson 05: nothing to measure. What is particular to tumour in the sinusoids; the rest is `lessons.lesson`."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import Any

from liverlab import evidence
from liverlab.lessons.ct_view import Scans
from liverlab.lessons.lesson import Lesson
from liverlab.lessons.sinusoidal_metastasis import charts, goals, tabs
from liverlab.lessons.sinusoidal_metastasis import patient as patients
from liverlab.lessons.sinusoidal_metastasis.patient import Patient
from liverlab.lessons.sinusoidal_metastasis.published import published_figures
from liverlab.reading import tissue
from liverlab.ui import theme
from liverlab.ui.describe import quantity, sentences
from liverlab.ui.page import Page
from liverlab.ui.verdicts import verdict_table

ROUTE_WORDS = {tissue.PERCUTANEOUS: "through the skin", tissue.TRANSJUGULAR: "through the jugular vein"}


class SinusoidalMetastasis(Lesson):
    """The page of notebook 05."""

    id = "05_sinusoidal_metastasis"
    viewer_config = MappingProxyType({"figure_height_px": 230})

    checkers = goals.CHECKERS

    def simulate(self, scenario: evidence.Scenario) -> Patient:
        """Disease, tissue, treatment and scanner for every day."""
        return patients.simulate(scenario, self.ev)

    def scans(self, patient: Patient) -> Scans:
        """The staging CT beside the scan of the visit."""
        return {"prior": (patient.staging, 0), "current": (patient, patient.visit)}

    def figures(self, patient: Patient, truth: bool) -> list[dict]:
        """The laboratory strip chart."""
        return [charts.strip_chart(patient, truth)]

    def text(self, patient: Patient) -> str:
        """What chart and report say, in numbers; nothing of the hidden truth."""
        return sentences([*state_words(patient), *course_words(patient)])

    def side(self) -> tuple[Any, ...]:
        """What the criteria say, and what the laboratory says."""
        return (self.verdicts,)

    @cached_property
    def verdicts(self) -> Any:
        """The criteria that are blind here, and the laboratory that is not."""
        shown = theme.html("", "lp-verdict-table")

        def follow(page: Page) -> None:
            shown.value = board(page.state)

        self.page.subscribe(follow)
        follow(self.page)
        return shown

    def outcome(self, patient: Patient) -> str:
        """The truth beside the prediction."""
        course, at = patient.course, patient.at
        first, now = 100.0 * float(course.occupancy[0]), 100.0 * float(course.occupancy[at])
        bilirubin = course.labs.bilirubin_mg_dl
        rise = float(bilirubin[at] / bilirubin[0])
        return sentences(
            [
                f"from the staging CT to day {patient.shown_d:.0f} bilirubin rose {quantity(rise, '', 1)}-fold",
                f"tumour filled {quantity(first, '%')} of the sinusoids then and {quantity(now, '%')} now",
                f"blood no longer reaches {quantity(100.0 * float(course.blocked[at]), '%')} of the hepatocytes",
            ]
        )

    def published(self, patient: Patient) -> list[dict]:
        """TR1 and TR2 over the simulated bilirubin, and the patterns that were published."""
        return published_figures(self.ev, patient)

    def tabs(self) -> dict[str, Any]:
        """Pattern, time, sinusoids, tests, the mimics, the ward."""
        return tabs.all_tabs(self)


def state_words(patient: Patient) -> list[str]:
    """The laboratory and the scan of the visit."""
    at = patient.at
    bilirubin, upper = patient.lab("bilirubin_umol_l"), patient.ev.labs["bilirubin_umol_l"].high
    return [
        f"day {quantity(patient.shown_d)}: no focal lesion, liver {quantity(patient.liver_hu_at(at), 'HU')} "
        f"({quantity(patient.staging.liver_hu_at(0), 'HU')} at staging)",
        f"bilirubin {quantity(bilirubin, 'µmol/L')} ({quantity(bilirubin / upper, '', 1)} ×), "
        f"ALT {quantity(patient.lab('alt_u_l'))}, ALP {quantity(patient.lab('alp_u_l'))}, "
        f"LDH {quantity(patient.lab('ldh_u_l'), 'U/L')}",
        f"R {quantity(float(patient.r_factor.raw[at]), '', 1)}, LDH over ALT "
        f"{quantity(float(patient.ldh_over_alt.raw[at]), '', 1)}, INR {quantity(patient.lab('inr'), '', 2)}, "
        f"encephalopathy grade {patient.encephalopathy}, albumin {quantity(patient.lab('albumin_g_l'), 'g/L')}",
    ]


def course_words(patient: Patient) -> list[str]:
    """Biopsy, treatment and outcome."""
    if patient.never_came:
        return ["this liver would have failed before day 0: take less tumour or a higher threshold"]
    day = quantity(float(patient.values["tissue_day_d"]))
    if patient.case.injury:
        biopsy = ""
    elif not patient.biopsied:
        biopsy = f"no biopsy: death came before day {day}"
    else:
        shown = "shows tumour" if patient.found else "shows no tumour"
        biopsy = f"biopsy on day {day} {ROUTE_WORDS[patient.route]} (major harm {quantity(patient.harm_pct, '%', 1)}), "
        late = "" if patient.report_d < patient.died_d else ", after death"
        biopsy += f"report on day {quantity(patient.report_d)}{late}, {shown}"
    treated = f"chemotherapy from day {quantity(patient.treated_d)}" if patient.treated else "no chemotherapy"
    outcome = (
        f"alive on day {quantity(patients.FOLLOWED_D)}"
        if patient.survives
        else f"died on day {quantity(patient.died_d)}"
    )
    return [biopsy, treated, outcome]


def board(patient: Patient) -> str:
    """HTML: the verdicts, and below them the numbers that do say something."""
    at, limits = patient.at, patient.ev.labs
    r, ratio = patient.r_factor, patient.ldh_over_alt
    failing = "acute liver failure" if patient.failing else "no acute failure by definition"
    rows = [
        ("R factor", f"{quantity(float(r.raw[at]), '', 1)}, {r.grade[at]}"),
        ("LDH over ALT", f"{quantity(float(ratio.raw[at]), '', 1)} ({RATIO_WORDS[str(ratio.grade[at])]})"),
        (
            "Bilirubin",
            f"{quantity(patient.lab('bilirubin_umol_l'), 'µmol/L')}, "
            f"{quantity(patient.lab('bilirubin_umol_l') / limits['bilirubin_umol_l'].high, '', 1)} × limit",
        ),
        ("INR, encephalopathy", f"{quantity(patient.lab('inr'), '', 2)}, grade {patient.encephalopathy}: {failing}"),
        ("Outcome", sentences(course_words(patient))),
    ]
    body = "".join(f'<tr><th scope="row">{theme.escape(k)}</th><td>{theme.escape(v)}</td></tr>' for k, v in rows)
    table = f'<table class="lp-values"><caption>What the laboratory says</caption><tbody>{body}</tbody></table>'
    return verdict_table(patient.verdicts) + table


RATIO_WORDS = {
    "tumour": "as in small cell cancer",
    "other": "as in other failure",
    "between": "between both",
}


def key_numbers(patient: Patient) -> dict[str, float | str]:
    """What a teaching guide may promise of a scenario: name -> number or word."""
    at = patient.at
    return {
        "day": patient.shown_d,
        "bilirubin": patient.lab("bilirubin_umol_l"),
        "ALT": patient.lab("alt_u_l"),
        "LDH": patient.lab("ldh_u_l"),
        "INR": patient.lab("inr"),
        "encephalopathy": patient.encephalopathy,
        "R": float(patient.r_factor.raw[at]),
        "LDH over ALT": float(patient.ldh_over_alt.raw[at]),
        "sinusoids filled": 100.0 * float(patient.course.occupancy[at]),
        "RECIST": patient.verdicts[0]["call"],
        "died": patient.died_d,
        "outcome": "lives" if patient.survives else "dies",
    }


def open_lesson() -> SinusoidalMetastasis:
    """The page of notebook 05."""
    return SinusoidalMetastasis()


def self_check() -> None:
    """Print key numbers of fixed scenarios; the notebook's stored output holds the models to them."""
    for case in ("sclc_sinusoidal", "sclc_treated", "sclc_shock", "no_tumour"):
        patient = patients.simulate(evidence.Scenario(case))
        recist = ", ".join(row["call"] for row in patient.verdicts if row["criterion"] == "RECIST 1.1")
        end = "lives" if patient.survives else f"dies on day {patient.died_d:.0f}"
        print(
            f"{case}: day {patient.shown_d:.0f}, bilirubin {patient.lab('bilirubin_umol_l'):.0f} µmol/L, "
            f"ALT {patient.lab('alt_u_l'):.0f}, LDH {patient.lab('ldh_u_l'):.0f} U/L, INR "
            f"{100 * patient.lab('inr'):.0f} %, encephalopathy {patient.encephalopathy}, liver "
            f"{patient.liver_hu_at(patient.at):.0f} HU; RECIST 1.1 {recist}; {end}"
        )
