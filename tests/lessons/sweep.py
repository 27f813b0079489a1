"""The sweep: every control to both ends and the middle, through its own widget; exactly what it declares moves.

A lesson's test file derives a class from `Sweep` and says what is particular: see tests/lessons/pseudoprogression.
"""

import random

import ipywidgets

from liverlab.lessons import moves

from .reading_the_page import changed


def low_middle_high(slider, over=None):
    if isinstance(slider, ipywidgets.SelectionSlider):
        values = [value for _, value in slider.options]
        return [values[0], values[len(values) // 2], values[-1]]
    low, high = over or (slider.min, slider.max)
    middle = low + slider.step * round((high - low) / 2 / slider.step)
    return [type(slider.value)(value) for value in (low, middle, high)]


class Sweep:
    """Tests of every control; `conftest.py` fills in control, directed and preset from the class.

    declared: control -> Moves; quantities: name -> function of the lesson; look(lesson, browser) -> output -> value;
    presets: ids; check_words(page): the live description says what the state holds.
    """

    declared: dict
    quantities: dict
    look = staticmethod(lambda lesson, browser: {})
    presets: tuple = ()
    check_words = staticmethod(lambda page: None)
    outputs = moves.OUTPUTS

    def test_every_control_of_the_page_is_declared_and_nothing_else(self, page):
        shown = page.lesson.data["controls"]
        assert set(self.declared) == {*shown["main"], *shown["more"]} == set(page.lesson.panel.sliders)
        for key, declared in self.declared.items():
            assert declared.outputs, key
            assert declared.outputs <= set(self.outputs), key
            assert {*declared.rises, *declared.falls} <= set(self.quantities), key
        for key in shown["main"]:
            assert self.declared[key].rises or self.declared[key].falls, f"main control {key} declares no direction"
        assert self.presets == tuple(preset["id"] for preset in page.lesson.data["presets"])

    def test_a_control_moves_what_it_declares_and_nothing_else(self, page, control):
        lesson, declared, slider = page.lesson, self.declared[control], page.lesson.panel.sliders[control]
        lesson.page.set(**declared.given)
        before, moved = self.look(lesson, page.browser), set()
        for value in low_middle_high(slider):
            slider.value = value
            moved |= changed(before, self.look(lesson, page.browser))
        assert moved == declared.outputs

    def test_a_control_moves_in_the_direction_it_declares(self, page, directed):
        lesson, declared, slider = page.lesson, self.declared[directed], page.lesson.panel.sliders[directed]
        lesson.page.set(**declared.given)
        rows = []
        for value in low_middle_high(slider, declared.over):
            slider.value = value
            rows.append({name: self.quantities[name](lesson) for name in (*declared.rises, *declared.falls)})
        for name in rows[0]:
            low, middle, high = (row[name] * (1 if name in declared.rises else -1) for row in rows)
            assert low < high, f"{name}: {[row[name] for row in rows]}"
            assert low <= middle <= high, f"{name}: {[row[name] for row in rows]}"

    def test_the_first_slider_is_a_main_one_and_changes_the_picture(self, page):
        first = page.lesson.data["controls"]["main"][0]
        assert next(iter(page.lesson.panel.sliders)) == first
        assert moves.CURRENT in self.declared[first].outputs

    def test_every_control_works_at_both_ends_in_every_preset(self, page, preset):
        page.lesson.panel.presets[preset].click()
        for key, slider in page.lesson.panel.sliders.items():
            before = slider.value
            for value in low_middle_high(slider)[::2]:
                slider.value = value
                assert all(page.browser.painted(pane).size for pane in page.browser.frame["panes"])
                self.check_words(page)
            assert page.lesson.panel.sliders[key].value == value
            slider.value = before

    def test_a_corner_of_all_sliders_at_once_never_breaks_the_page(self, page):
        rng = random.Random(2)
        sliders = {key: slider for key, slider in page.lesson.panel.sliders.items() if key != "visit"}
        for _ in range(15):
            ends = {key: rng.choice(low_middle_high(slider)) for key, slider in sliders.items()}
            page.lesson.panel.presets[rng.choice(self.presets)].click()
            page.lesson.page.set(**ends)
            if "visit" in page.lesson.panel.sliders:
                visits = page.lesson.panel.sliders["visit"]
                visits.value = rng.randint(1, visits.max)
            self.check_words(page)
            self.look(page.lesson, page.browser)

    def test_reset_undo_and_the_code_bring_the_same_page_back(self, page):
        lesson, panel = page.lesson, page.lesson.panel
        first, second = list(panel.sliders.values())[:2]
        opened = self.look(lesson, page.browser)
        first.value = next(value for value in low_middle_high(first) if value != first.value)
        once = self.look(lesson, page.browser)
        second.value = next(value for value in low_middle_high(second) if value != second.value)
        twice, code, set_to = self.look(lesson, page.browser), panel.code.shown.text, (first.value, second.value)
        for wanted in (once, opened):
            panel.undo_button.click()
            assert changed(wanted, self.look(lesson, page.browser)) == set()
        panel.code.pasted.value = f"  {code} "
        panel.code.load_button.click()
        assert changed(twice, self.look(lesson, page.browser)) == set()
        assert (first.value, second.value) == set_to
        panel.reset_button.click()
        assert changed(opened, self.look(lesson, page.browser)) == set()
        assert panel.code.shown.text != code
        panel.undo_button.click()
        assert changed(twice, self.look(lesson, page.browser)) == set()
        assert panel.code.shown.text == code

    def test_a_damaged_code_is_answered_in_a_sentence_and_changes_nothing(self, page):
        opened, code = self.look(page.lesson, page.browser), page.lesson.panel.code
        for text in ("", "rubbish", code.shown.text[:-2], code.shown.text[::-1]):
            code.pasted.value = text
            code.load_button.click()
            assert 'role="alert"' in code.message.value
            assert changed(opened, self.look(page.lesson, page.browser)) == set()
