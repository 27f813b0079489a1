"""The control panel: sliders from parameters, no echo, no loss."""

import ipywidgets as widgets
import pytest

from liverlab.ui.controls import control_panel, decimals


@pytest.fixture
def panel(page):
    return control_panel(page, ["loss_pct", "visit"], ["kvp", "rate_per_week"])


def test_sliders_are_standard_widgets_built_from_the_parameters(panel):
    loss, rate, kvp, visit = (panel.sliders[key] for key in ("loss_pct", "rate_per_week", "kvp", "visit"))
    assert (type(loss), loss.value, loss.min, loss.max, loss.step) == (widgets.IntSlider, 85, 0, 100, 1)
    assert (type(rate), rate.value, rate.step, rate.readout_format) == (widgets.FloatSlider, 0.031, 0.001, ".3f")
    assert [label for label, _ in kvp.options] == ["80 kV", "100 kV", "120 kV", "140 kV"]
    assert (visit.max, visit.value) == (4, 3)
    assert all(slider.continuous_update for slider in panel.sliders.values())
    assert all(slider.tooltip and slider.description for slider in panel.sliders.values())


def test_a_control_with_names_says_them_and_sets_numbers(page):
    page.lesson = {**page.lesson, "controls": {"names": {"kvp": ["low", "lower", "usual", "high"]}}}
    panel = control_panel(page, ["loss_pct"], ["kvp"])
    assert panel.sliders["kvp"].options == (("low", 80.0), ("lower", 100.0), ("usual", 120.0), ("high", 140.0))
    panel.sliders["kvp"].value = 140.0
    assert page.values["kvp"] == 140.0
    assert "It was usual." in panel.rows["kvp"].widget.children[1].value


def test_a_lesson_may_call_a_control_by_a_name_of_its_own(page):
    page.lesson = {**page.lesson, "controls": {"labels": {"kvp": "Voltage of the second scan"}}}
    panel = control_panel(page, ["loss_pct"], ["kvp"])
    assert panel.sliders["kvp"].description == "Voltage of the second scan"
    assert panel.sliders["loss_pct"].description == "Loss of perfusion"


def test_moving_a_slider_sets_the_page_once(panel, page):
    seen = []
    page.subscribe(lambda p: seen.append(dict(p.values)))
    panel.sliders["loss_pct"].value = 40
    panel.sliders["kvp"].value = 100.0
    assert [(v["loss_pct"], v["kvp"]) for v in seen] == [(40.0, 120.0), (40.0, 100.0)]
    assert isinstance(seen[0]["loss_pct"], float)


def test_sliders_follow_preset_and_undo_without_setting_the_page_again(panel, page):
    panel.sliders["loss_pct"].value = 40
    version = page.version
    page.preset("two")
    assert page.version == version + 1
    assert panel.sliders["loss_pct"].value == 20
    assert panel.sliders["rate_per_week"].value == 0.05
    assert (panel.sliders["visit"].value, panel.sliders["visit"].max) == (1, 2), "this case has three visits"
    page.undo()
    assert page.version == version + 2
    assert (panel.sliders["loss_pct"].value, panel.sliders["visit"].max) == (40, 4)
    assert panel.sliders["visit"].value == 3


def test_visit_slider_says_the_day(panel):
    assert "day 84" in panel.rows["visit"].widget.children[1].value
    panel.sliders["visit"].value = 1
    assert "day 28" in panel.rows["visit"].widget.children[1].value


def test_a_changed_slider_is_marked_with_what_it_was(panel):
    aside = panel.rows["loss_pct"].widget.children[1]
    assert "changed" not in aside.value
    panel.sliders["loss_pct"].value = 40
    assert "It was 85 %" in aside.value
    panel.reset_button.click()
    assert "changed" not in aside.value


def test_buttons(panel, page):
    assert panel.undo_button.disabled
    panel.presets["two"].click()
    assert page.scenario.case == "second"
    assert not panel.undo_button.disabled
    panel.undo_button.click()
    assert page.scenario.case == "first"


def test_a_bad_code_gets_one_escaped_sentence_and_a_good_one_loads(panel, page):
    panel.code.pasted.value = "nonsense"
    panel.code.load_button.click()
    assert "this scenario code is damaged &lt;b&gt;" in panel.code.message.value
    assert page.errors == []
    panel.sliders["loss_pct"].value = 12
    code = page.scenario.code()
    page.reset()
    panel.code.pasted.value = code
    panel.code.load_button.click()
    assert page.values["loss_pct"] == 12.0
    assert panel.code.shown.text == code


def test_more_is_closed_at_first_and_the_first_slider_is_a_main_one(panel):
    assert panel.more.selected_index is None
    assert panel.main.children[0].children[0] is panel.sliders["loss_pct"]


@pytest.mark.parametrize(("step", "digits"), [(1.0, 0), (0.5, 1), (0.05, 2), (0.0002, 4), (20.0, 0)])
def test_readouts_show_the_digits_of_the_step(step, digits):
    assert decimals(step) == digits


def test_a_slider_never_shows_what_the_page_refused(panel, page, monkeypatch):
    def refuse(self, **changes):
        raise ValueError("loss_pct is 40 %; it must be 50 to 100 %.")

    monkeypatch.setattr(type(page.scenario), "with_changes", refuse)
    with pytest.raises(ValueError, match="must be 50"):
        panel.sliders["loss_pct"].value = 40
    assert panel.sliders["loss_pct"].value == 85
    assert "must be 50" in page.errors[0].sentence
