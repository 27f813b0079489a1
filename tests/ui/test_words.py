"""Verdict table, glossary, provenance, description, progress, banner, layout: what stands in the page."""

import re
import subprocess
import sys

import ipywidgets as widgets
import pytest

from liverlab.ui import describe, theme
from liverlab.ui.banner import ErrorBanner
from liverlab.ui.controls import control_panel
from liverlab.ui.glossary import glossary
from liverlab.ui.progress import Progress, StartLine, lesson_steps
from liverlab.ui.provenance import provenance_table
from liverlab.ui.verdicts import Verdicts, badge, verdict_table

ROWS = [
    {"criterion": "RECIST 1.1", "reading": "unequivocal", "call": "PD", "reason": "new <lesion>"},
    {"criterion": "Choi", "reading": "unequivocal", "call": "PD", "reason": "new too"},
    {"criterion": "RECIST 1.1", "reading": "equivocal", "call": "SD", "reason": "sum is stable"},
    {"criterion": "Choi", "reading": "equivocal", "call": "PR", "reason": "darker"},
]


def test_both_readings_stand_side_by_side_and_the_chosen_one_gives_its_reasons():
    table = verdict_table(ROWS, chosen="unequivocal")
    head, body = table.split("</thead>")
    assert re.findall(r"if (called \w+)", head) == ["called new", "called equivocal"]
    recist = body.split("</tr>")[0]
    assert recist.index("PD") < recist.index("SD")
    before_fold, fold = body.split("<details")
    assert "new &lt;lesion&gt;" in before_fold
    assert "sum is stable" not in before_fold
    assert "sum is stable" in fold
    assert "your call" in head


def test_without_a_choice_every_reason_is_shown():
    table = verdict_table(ROWS)
    assert "Why, if called new" in table
    assert "sum is stable" in table
    assert "<details" not in table


def test_a_reading_without_a_name_is_nobodys_call():
    table = verdict_table([{"criterion": "Choi", "call": "SD", "reason": "", "reading": ""}])
    assert "your call" not in table
    assert "lp-chosen" not in table


def test_one_reading_needs_no_name_and_a_missing_row_is_a_dash():
    table = verdict_table([{"criterion": "A", "call": "PR", "reason": "r"}, ROWS[0]])
    assert "<td>–</td>" in table
    assert "verdict" in verdict_table([{"criterion": "A", "call": "PR", "reason": ""}]).split("</thead>")[0]


def test_a_verdict_never_rests_on_colour():
    for call, words in (
        ("PR", "response"),
        ("PD", "progression"),
        ("SD", "stable"),
        ("CR", "complete"),
        ("baseline", "scan"),
    ):
        written = re.sub("<[^>]+>", "", badge(call)).split()
        assert written[1] == call
        assert written[-1] == words
    with pytest.raises(ValueError, match="call 'XX' must be one of CR, PR"):
        badge("XX")


def test_the_switch_and_the_page_follow_each_other(page):
    verdicts = Verdicts(page, lambda state: ROWS)
    verdicts.switch.value = "equivocal"
    assert page.scenario.new_lesion_call == "equivocal"
    page.undo()
    assert verdicts.switch.value == "unequivocal"
    assert [value for _, value in verdicts.switch.options] == ["none", "equivocal", "unequivocal"]


def test_a_term_explains_itself_once_longest_first_and_escaped():
    words = glossary({"Choi": "a rule", "PD": "worse"}, {"modified Choi": "a <stricter> rule", "noise": "speckle"})
    marked = words.mark("Noise & modified Choi, then Choi, noise; PD not pd or PDs <b>")
    assert marked.count("lp-term") == 4
    assert "a &lt;stricter&gt; rule" in marked
    assert marked.startswith('<button type="button" class="lp-term" data-lp-meaning="speckle">Noise</button> &amp; ')
    assert marked.endswith("not pd or PDs &lt;b&gt;")


def test_the_last_source_of_a_term_wins_and_the_list_has_all():
    words = glossary({"a": "old"}, None, {"a": "new", "b": "two"})
    listed = words.widget().children[-1].value
    assert "<dt>a</dt><dd>new</dd>" in listed
    assert listed.count("<dt>") == 2
    assert glossary({}).mark("a < b") == "a &lt; b"


def test_provenance_is_built_when_opened_filters_and_follows(page):
    table = provenance_table(page)
    assert table.table.value == ""
    table.button.click()
    assert "4 of 4 parameters" in table.table.value
    assert "Choi H et al. &lt;2007&gt; doi:10.1200/x" in table.table.value
    page.set(loss_pct=10.0)
    assert "<td>10 (changed)</td><td>0 to 100</td><td>%</td><td>illustrative</td>" in table.table.value
    table.filter.value = "PUBLISHED kv"
    assert "1 of 4 parameters" in table.table.value
    assert "Tube voltage" in table.table.value
    table.button.click()
    assert table._inside.layout.display == "none"
    assert page.errors == []


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ((-32.4, "%", 0, True), "−32 %"),
        ((4.25, "mm", 1, True), "+4.2 mm"),
        ((-0.04, "HU", 1, True), "0.0 HU"),
        ((12.0,), "12"),
    ],
)
def test_quantities(args, text):
    assert describe.quantity(*args) == text


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="finite"):
        describe.quantity(float("nan"))


def test_sentences_and_their_numbers():
    text = describe.sentences(
        [
            f"{describe.counted(2, 'lesion')} seen",
            "",
            f"sum {describe.change(40, 36, 'mm', 1)}",
            describe.listing(["T1", "T2", "N1"]),
        ]
    )
    assert text == "Two lesions seen. Sum from 40.0 mm to 36.0 mm (−10 %). T1, T2 and N1."
    assert describe.numbers(text) == [40.0, 36.0, -10.0]
    assert describe.counted(1, "lesion") == "one lesion"
    assert describe.counted(12, "body", "bodies") == "12 bodies"
    assert describe.listing([]) == "none"
    assert describe.change(0, 5, "mm") == "from 0 mm to 5 mm"


def test_typesetting_changes_no_number():
    text = "SD: -8.3 % (67.8 to 62.2 mm), day 28-56, T-1, 5 dogs"
    shown = describe.typeset(text)
    assert shown == "SD: −8.3\N{NO-BREAK SPACE}% (67.8 to 62.2\N{NO-BREAK SPACE}mm), day 28-56, T-1, 5 dogs"
    assert describe.numbers(shown) == describe.numbers(text)


def test_live_text_is_escaped_and_polite():
    live = describe.live_text("a < b")
    assert live.text == "a < b"
    assert 'aria-live="polite"' in live.shown.value
    assert "a &lt; b" in live.shown.value


def test_progress_counts_what_was_answered(page, lesson):
    progress = Progress(page)
    assert "0 of 7 parts done" in progress.bar.value
    page.record("predict", answer="less")
    page.record("question:low", answer="x")
    assert (progress.part("predict"), progress.part("questions"), progress.part("quiz")) == (1.0, 0.5, 0.0)
    page.set(loss_pct=1.0)
    assert "2 of 7 parts done" in progress.bar.value
    assert progress.bar.value.count("aria-current") == 1
    assert "hook" not in lesson_steps(lesson)
    page.answers.new_learner()
    assert "0 of 7" in progress.bar.value


def test_start_line_goes_with_the_first_picture():
    line = StartLine(["Reading the case", "Drawing <the> picture"])
    seen = []

    def read():
        seen.append(line.line.value)
        return 1

    assert line.run(read, lambda: seen.append(line.line.value)) == [1, None]
    assert "Reading the case" in seen[0]
    assert 'value="1"' in seen[1]
    assert "&lt;the&gt;" in seen[1]
    assert line.widget.layout.display == "none"


def test_banner_says_what_failed_and_brings_the_page_back(page):
    banner = ErrorBanner(page)
    assert not banner.is_shown
    page.set(loss_pct=33.0)
    end = page.subscribe(lambda p: 1 / 0 if p.values["loss_pct"] == 10.0 else None)
    with pytest.raises(ZeroDivisionError):
        page.set(loss_pct=10.0)
    assert banner.is_shown
    assert banner.widget.code == page.scenario.code()
    assert "ZeroDivisionError" in banner.widget.details
    assert banner.widget.can_undo
    banner._answer(None, {"type": "reset"}, [])
    assert not banner.is_shown
    assert page.values["loss_pct"] == 85.0
    end()
    assert len(page.errors) == 1


def test_banner_made_late_still_shows_and_can_be_closed(page):
    page.report(ValueError("early"))
    banner = ErrorBanner(page)
    assert "early" in banner.widget.sentence
    banner._answer(None, {"type": "unknown"}, [])
    banner._answer(None, {"type": "close"}, [])
    assert not banner.is_shown


def test_an_error_of_a_button_is_recorded_although_ipywidgets_swallows_it(page):
    button = theme.button("x", "", page.run(lambda _: 1 / 0, "press x"))
    button.click()
    assert page.errors[0].sentence == "The page could not press x: division by zero"


def test_layout_puts_viewer_left_and_main_sliders_and_verdicts_right(page):
    panel = control_panel(page, ["loss_pct"], ["kvp"])
    viewer, verdicts = widgets.Label("viewer"), widgets.Label("verdicts")
    lesson = theme.lesson_layout(viewer, panel, side=(verdicts,))
    stage = next(child for child in lesson.children if "lp-stage" in child._dom_classes)
    left, right = stage.children
    assert viewer in left.children
    assert list(right.children) == [panel.main, verdicts]
    assert "liverlab" in lesson._dom_classes
    assert any(theme.DISCLAIMER in getattr(child, "value", "") for child in lesson.children)


def test_shared_layouts_stay_shared_until_one_is_hidden_and_survive_close_all():
    one, two = theme.html("one"), theme.html("two")
    assert one.layout is two.layout
    theme.show(one, True)
    assert one.layout is two.layout
    theme.show(one, False)
    assert (one.layout.display, two.layout.display) == ("none", None)
    theme.show(one, True)
    assert one.layout.display is None
    first = theme.section().children[0]
    assert theme.section().children[0] is first
    widgets.Widget.close_all()
    assert theme.section().children[0] is not first
    assert theme.html("three").layout.comm is not None


def test_theme_answers_the_needs_of_readers():
    css = theme.asset("theme.css")
    for rule in ("prefers-reduced-motion", "forced-colors", ":focus-visible", "data-jp-theme-light"):
        assert rule in css


def test_import_pulls_nothing_heavy():
    modules = [path.stem for path in theme.HERE.glob("*.py") if path.stem not in ("__init__", "plotly_loader")]
    code = (
        f"import sys; [__import__('liverlab.ui.' + name) for name in {modules}];"
        "print([m for m in ('pandas', 'plotly', 'scipy', 'bibtexparser', 'jsonschema') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_terms_explain_themselves_in_the_texts_of_the_lesson(page):
    page.evidence.glossary = {"CT": "a scan"}
    page.lesson["glossary"] = {"viable": "<alive>"}
    assert page.mark("Viable & CT").count("lp-term") == 2
    assert "&lt;alive&gt;" in page.mark("viable")
