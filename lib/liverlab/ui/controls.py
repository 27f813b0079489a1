"""The control panel: sliders built from the parameters, presets, Reset, Undo, scenario code, More."""

from __future__ import annotations

import html as html_module
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets

from liverlab.ui import theme
from liverlab.ui.browser import CopyText
from liverlab.ui.page import Page

ENUMERATION_STEPS = 5
escape = html_module.escape


def decimals(step: float) -> int:
    """Digits after the point that a step of this size needs (at most 6)."""
    return next((digits for digits in range(6) if abs(step - round(step, digits)) < 1e-9), 6)


def number(value: float, step: float) -> str:
    """A value with the digits its step deserves and a real minus sign."""
    return f"{value:.{decimals(step)}f}".replace("-", "−")


class ControlRow:
    """One slider with its unit and the mark that says it was changed."""

    def __init__(self, page: Page, parameter: Any) -> None:
        self.page, self.parameter = page, parameter
        self.slider = self._build(page.values[parameter.key])
        self.slider.add_class("lp-control")
        self._aside = theme.html("", "lp-aside")
        self.widget = theme.box(self.slider, self._aside, classes=("lp-row",), row=True)
        self._following = False
        self.slider.observe(page.run(self._moved, f"set {parameter.label}"), "value")
        self.follow(page)

    def follow(self, page: Page) -> None:
        """Show the page's value; a slider set from here does not set the page again."""
        value, default = page.values[self.parameter.key], page.default_values[self.parameter.key]
        if abs(float(self.slider.value) - value) > 1e-9:
            self._following = True
            try:
                self._show(value)
            finally:
                self._following = False
        mark = ""
        if abs(value - default) > 1e-9:
            was = f"Changed. It was {self.words(default)}."
            mark = f'<span class="lp-changed" title="{escape(was)}"><span aria-hidden="true">●</span> changed</span>'
        self._aside.value = f'<span class="lp-unit">{escape(self._unit(value))}</span>{mark}'

    def _moved(self, change: dict) -> None:
        if self._following:
            return
        try:
            self.page.set(**{self.parameter.key: float(change["new"])})
        except Exception:
            self.follow(self.page)  # the slider never shows what the page refused
            raise

    def _build(self, value: float) -> widgets.Widget:
        p = self.parameter
        if decimals(p.step) == 0 and float(p.low).is_integer() and float(value).is_integer():
            return widgets.IntSlider(
                value=int(value), min=int(p.low), max=int(p.high), step=int(p.step), **self._look()
            )
        return widgets.FloatSlider(
            value=value, min=p.low, max=p.high, step=p.step, readout_format=f".{decimals(p.step)}f", **self._look()
        )

    def _look(self) -> dict[str, Any]:
        style = theme.shared("slider style", lambda: widgets.IntSlider(style={"description_width": "initial"}).style)
        labels = (self.page.lesson.get("controls") or {}).get("labels") or {}
        return {
            "description": labels.get(self.parameter.key, self.parameter.label),
            "tooltip": basis_words(self.parameter),
            "style": style,
            "continuous_update": True,
            "layout": theme.shared("layout", widgets.Layout),
        }

    def _show(self, value: float) -> None:
        self.slider.value = round(value) if isinstance(self.slider, widgets.IntSlider) else value

    def _unit(self, value: float) -> str:
        return self.parameter.unit

    def words(self, value: float) -> str:
        return f"{number(value, self.parameter.step)} {self.parameter.unit}".strip()


class ChoiceRow(ControlRow):
    """A control with few values (kVp): a slider that stops at each, its unit in the readout."""

    def _build(self, value: float) -> widgets.Widget:
        self._choices = choices(self.parameter)
        options = [(self.words(choice), choice) for choice in self._choices]
        return widgets.SelectionSlider(options=options, value=self._nearest(value), **self._look())

    def _nearest(self, value: float) -> float:
        return min(self._choices, key=lambda choice: abs(choice - value))

    def _show(self, value: float) -> None:
        self.slider.value = self._nearest(value)

    def _unit(self, value: float) -> str:
        return ""


class NamedRow(ChoiceRow):
    """A control whose values have names in the lesson file (a pattern): a slider that stops at each and says it."""

    def words(self, value: float) -> str:
        names = self.page.lesson["controls"]["names"][self.parameter.key]
        return names[round((value - self.parameter.low) / self.parameter.step)]


class VisitRow(ControlRow):
    """The visit slider: stops at the visits of the case and says the day."""

    def _build(self, value: float) -> widgets.Widget:
        last = len(visit_days(self.page)) - 1
        return widgets.IntSlider(value=min(round(value), last), min=0, max=last, readout=False, **self._look())

    def follow(self, page: Page) -> None:
        last = len(visit_days(page)) - 1
        if self.slider.max != last:
            self._following = True
            try:
                self.slider.max = last
            finally:
                self._following = False
        super().follow(page)

    def _show(self, value: float) -> None:
        self.slider.value = min(round(value), self.slider.max)

    def _unit(self, value: float) -> str:
        return self.words(value)

    def words(self, value: float) -> str:
        days = visit_days(self.page)
        return f"day {days[min(round(value), len(days) - 1)]:g}"


def choices(parameter: Any) -> list[float]:
    """Every value of a parameter's grid."""
    steps = round((parameter.high - parameter.low) / parameter.step)
    return [parameter.low + index * parameter.step for index in range(steps + 1)]


def control_row(page: Page, key: str) -> ControlRow:
    """The row that fits a parameter: visit, named values, few values, or a plain slider."""
    parameter = page.evidence.parameters[key]
    if key == "visit":
        return VisitRow(page, parameter)
    if key in (page.lesson.get("controls") or {}).get("names", {}):
        return NamedRow(page, parameter)
    # Counts such as 0..4 lesions read better as a plain slider; a few far-apart settings are choices.
    few = len(choices(parameter)) <= ENUMERATION_STEPS and parameter.low > parameter.step
    return (ChoiceRow if few else ControlRow)(page, parameter)


def visit_days(page: Page) -> tuple[float, ...]:
    """Days of the visits of the page's case."""
    return tuple(page.evidence.cases[page.scenario.case].visits_day)


def basis_words(parameter: Any) -> str:
    """What a parameter rests on, in one tooltip; the full references are in the table of sources."""
    source = f" ({', '.join(parameter.source)})" if parameter.source else ""
    return f"{parameter.note} Basis: {parameter.basis}{source}.".strip()


class ControlPanel:
    """All controls of a page. ``sliders[key]`` are standard ipywidgets; ``widget`` shows everything in one box."""

    def __init__(self, page: Page, main_keys: Sequence[str], more_keys: Sequence[str] = ()) -> None:
        self.page = page
        rows = {key: control_row(page, key) for key in (*main_keys, *more_keys)}
        self.rows = rows
        self.sliders = {key: row.slider for key, row in rows.items()}
        self.main = theme.box(*(rows[key].widget for key in main_keys), classes=("lp-main",))
        self.reset_button = theme.button(
            "Reset", "Back to how the page opened", page.run(lambda _: page.reset(), "reset")
        )
        self.undo_button = theme.button("Undo", "Take back the last step", page.run(lambda _: page.undo(), "undo"))
        self.presets = _presets(page)
        self.note = theme.html("", "lp-case-note")
        buttons = (*self.presets.values(), theme.box(classes=("lp-spacer",)), self.undo_button, self.reset_button)
        self.tools = theme.box(*buttons, classes=("lp-tools",), row=True)
        self.more = widgets.Accordion(
            children=[theme.box(*(rows[key].widget for key in more_keys), classes=("lp-more",))],
            titles=("More settings",),
            selected_index=None,
        )
        self.code = CodeBox(page)
        self.extras = theme.box(*((self.more,) if more_keys else ()), self.code.widget, classes=("lp-extras",))
        self.widget = theme.section(self.tools, self.note, self.main, self.extras, classes=("lp-panel",))
        page.subscribe(self.follow)
        self.follow(page)

    def follow(self, page: Page) -> None:
        """Bring every control to the page's scenario."""
        for row in self.rows.values():
            row.follow(page)
        self.undo_button.disabled = not page.can_undo
        shown = next((p for p in page.lesson.get("presets") or () if p["case"] == page.scenario.case), None)
        for id_, button in self.presets.items():
            (button.add_class if shown and shown["id"] == id_ else button.remove_class)("lp-current")
        words = "" if shown is None else f"<b>{escape(shown['label'])}.</b> {escape(shown.get('note') or '')}"
        self.note.value = f'<p class="lp-case">{words}</p>'


class CodeBox:
    """Scenario code to copy, and a box to load one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.shown = CopyText(label="Scenario code")
        self.pasted = widgets.Text(
            description="Load a code", placeholder="paste it here", style={"description_width": "initial"}
        )
        self.pasted.add_class("lp-wide")
        self.load_button = theme.button(
            "Load", "Show the scenario of this code", page.run(self._load, "load this code")
        )
        self.message = theme.html("", "lp-message")
        tools = theme.box(self.shown, self.pasted, self.load_button, classes=("lp-tools",), row=True)
        self.widget = theme.box(tools, self.message, classes=("lp-code-box",))
        page.subscribe(self.follow)
        self.follow(page)

    def follow(self, page: Page) -> None:
        """Show the code of the page's scenario."""
        self.shown.text = page.scenario.code()

    def _load(self, _: Any) -> None:
        try:
            self.page.load_code(self.pasted.value)
        except ValueError as error:
            self.message.value = theme.note(str(error), "alert")
        else:
            self.message.value = theme.note("Loaded.")


def control_panel(page: Page, main_keys: Sequence[str], more_keys: Sequence[str] = ()) -> ControlPanel:
    """Build the control panel of a page.

    ``main_keys`` and ``more_keys`` are parameter keys in page order; the first is a main slider that changes the
    picture. More is closed at first.
    """
    return ControlPanel(page, main_keys, more_keys)


def _presets(page: Page) -> dict[str, widgets.Button]:
    made = {}
    for preset in page.lesson.get("presets") or ():
        id_ = preset["id"]
        act = page.run(lambda _, id_=id_: page.preset(id_), f"show the preset {preset['label']}")
        made[id_] = theme.button(preset["label"], preset.get("note") or "", act)
    return made
