"""What lesson 05 shows beyond the core path, a tab for each question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from liverlab import evidence
from liverlab.disease import liver_injury
from liverlab.lessons.sinusoidal_metastasis import charts, cohort, mimics
from liverlab.lessons.sinusoidal_metastasis.elsewhere import elsewhere_tab
from liverlab.lessons.sinusoidal_metastasis.patient import Patient
from liverlab.reading import ward
from liverlab.reading.failure_tests import TUMOUR
from liverlab.ui import sinusoid_picture, theme
from liverlab.ui.describe import quantity
from liverlab.ui.figure_view import FigureView
from liverlab.ui.mimic import mimic
from liverlab.ui.nexttests import next_tests
from liverlab.ui.ward_clock import WardClock


def all_tabs(lesson: Any) -> dict[str, widgets.Widget]:
    """Question -> panel."""
    return {
        "Which pattern is it?": pattern_tab(lesson),
        "How long is left?": time_tab(lesson),
        "What is happening in the sinusoids?": sinusoids_tab(lesson),
        "What would the next test say?": tests_tab(lesson),
        "What do PET and MRI show?": elsewhere_tab(lesson),
        "Which of the eight has the tumour?": lesson.when_seen(lambda: mimic_tab(lesson)),
        "Can you save the next one?": lesson.when_seen(lambda: ward_tab(lesson)),
    }


def drawn_in_tab(
    lesson: Any, figures_of: Callable[[Patient], Sequence[dict]], head_of: Callable[[Patient], str] = lambda patient: ""
) -> widgets.Widget:
    """A head in HTML and figures, worked out when somebody looks."""
    head, drawn = theme.html(""), FigureView()
    panel = theme.section(head, drawn)

    def update() -> None:
        head.value = head_of(lesson.page.state)
        drawn.figures = list(figures_of(lesson.page.state))

    return lesson.follow_in_tab(panel, update)


def pattern_tab(lesson: Any) -> widgets.Widget:
    """R factor and LDH over ALT."""
    return drawn_in_tab(lesson, lambda patient: [charts.pattern(patient)])


def time_tab(lesson: Any) -> widgets.Widget:
    """Scores of severity, and the survival of sampled patients."""
    return drawn_in_tab(lesson, cohort.fans, severity_table)


def severity_table(patient: Patient) -> str:
    """HTML: how badly the liver fails today, and what that does not mean."""
    if patient.never_came:
        return '<p class="lp-note">This liver would have failed before day 0.</p>'
    found = patient.severity
    yes = {True: "met", False: "not met"}
    rows = [
        ("Acute liver failure", f"{yes[found.acute_failure]}: INR {quantity(found.inr, '', 2)} (1.5 or more), "
         f"encephalopathy grade {found.grade} (1 or more)"),
        ("MELD 3.0", f"{found.meld3} points (sodium taken as 137 mmol/L)"),
        ("King's College criteria",
         f"{yes[found.kings]}: {found.kings_met} of 5 conditions (3 are needed, or an INR above 6.5)"),
        ("Transplantation", "excluded by the cancer, whatever the scores say"),
    ]  # fmt: skip
    body = "".join(f'<tr><th scope="row">{theme.escape(k)}</th><td>{theme.escape(v)}</td></tr>' for k, v in rows)
    return (
        f'<table class="lp-values"><caption>Severity on day {patient.shown_d:.0f}</caption>'
        f"<tbody>{body}</tbody></table>"
        '<p class="lp-note">These scores were made for other livers. Here they only say how badly it fails.</p>'
    )


def sinusoids_tab(lesson: Any) -> widgets.Widget:
    """The truth at microscope scale."""
    shown = theme.html("")
    panel = theme.section(
        theme.html(
            '<p class="lp-note">The hidden truth. Drawn from the numbers of the simulation, not from a slide: every '
            "share is a count.</p>"
        ),
        shown,
        theme.html(sinusoid_picture.legend()),
    )

    def update() -> None:
        shown.value = sinusoids(lesson.page.state)

    return lesson.follow_in_tab(panel, update)


def sinusoids(patient: Patient) -> str:
    """HTML of the sinusoids at the visit, with their numbers."""
    course, at = patient.course, patient.at
    shares = (course.living_tumour, course.occupancy, course.blocked)
    living, working = (float(curve[at]) for curve in (course.labs.living_mass_pct, course.labs.functional_mass_pct))
    state = (*(float(share[at]) for share in shares), living, working)
    drawn, table = sinusoid_picture.picture(*state), sinusoid_picture.table(*state)
    threshold = patient.values["flow_threshold_pct"]
    said = (
        f"Day {patient.shown_d:.0f}: {quantity(100 * float(course.occupancy[at]), '%')} of the sinusoids are filled "
        f"(threshold {quantity(threshold, '%')}), {quantity(100 * float(course.blocked[at]), '%')} of the hepatocytes "
        f"have no blood, {quantity(living, '%')} of a normal liver lives and {quantity(working, '%')} works."
    )
    return f'{drawn}<p class="lp-live-text">{theme.escape(said)}</p>{table}'


def tests_tab(lesson: Any) -> widgets.Widget:
    """The tests of the lesson file, ordered at the visit of the sliders."""
    return next_tests(lesson.page, lesson.data["tests"], finding).widget


def finding(test: str, patient: Patient) -> dict[str, Any]:
    """What a test returns, as its card shows it."""
    if not patient.alive:
        return {"result": f"The patient died on day {patient.died_d:.0f}. Choose an earlier visit."}
    found = patient.order(test)
    rows = [
        (
            name,
            quantity(now, "", _digits(now))
            if before is None
            else f"{quantity(before, '', _digits(before))} to {quantity(now, '', _digits(now))}",
        )
        for name, before, now in found.rows
    ]
    return {"result": found.text, "meaning": found.separates, "rows": rows}


def _digits(value: float) -> int:
    return 2 if abs(value) < 10 else 0


def mimic_tab(lesson: Any) -> widgets.Widget:
    """Eight patients who look the same on day 0: tests, and how each analyte parts them."""
    data = lesson.data["mimic"]
    eight = mimics.patients(lesson)
    wanted = next(k for k, one in enumerate(eight) if not one.case.injury)

    def results(test: str) -> dict[str, Any]:
        found = [one.order(test) for one in eight]
        points = [one.points_to for one in found]
        tells = points[wanted] == TUMOUR and points.count(TUMOUR) == 1
        return {"results": tuple(one.text for one in found), "tells": tells}

    return theme.box(
        theme.html(mimics.known(eight[wanted])),
        mimic(lesson.page, data, lesson.data["tests"], results, wanted).widget,
        mimics.curves(lesson, eight, data["labels"], wanted),
    )


# Who comes to the ward, in this order.
WARD_CASES = ("ward_sclc", "mimic_checkpoint", "mimic_obstruction", "mimic_sepsis", "mimic_drug", "mimic_ischaemic")
WARD_NAMES = (
    (ward.TUMOUR, "Tumour in the sinusoids"),
    *((key, one.label) for key, one in liver_injury.INJURIES.items()),
)


def ward_tab(lesson: Any) -> widgets.Widget:
    """The ward clock, one patient after the other."""
    patients = [lambda case=case, seed=number: hidden(lesson, case, seed) for number, case in enumerate(WARD_CASES, 1)]
    known = (
        "A man of 58 with small cell lung cancer, under immune therapy after his first chemotherapy. ALT 230 U/L, "
        "bilirubin 28 µmol/L, CT without a lesion. The clock starts at eight. Every order takes time, results "
        "come later, and he may not have that long. You score for the right name and "
        "for his life; every order costs points."
    )
    return theme.box(
        theme.html(f'<p class="lp-note">{theme.escape(known)}</p>'),
        WardClock(lesson.page, patients, lesson.data["decisions"], WARD_NAMES).widget,
    )


def hidden(lesson: Any, case: str, seed: int) -> ward.Hidden:
    """The patient of a case as the ward clock wants him."""
    seen = lesson.simulate(evidence.Scenario(case)).seen
    return ward.Hidden(seen.values, seen.injury, seen.limits, seen.suv, seen.adc_um2_ms, seed)
