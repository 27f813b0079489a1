"""The handouts as a reader has them: a file from a folder, no server, no kernel, a phone."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from liverlab import evidence
from liverlab.app.handout import page as handout
from liverlab.app.handout import recording
from liverlab.lessons import pseudoprogression

from . import lab
from .axe import COLOURS, violations

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(evidence.load().lessons)
EXPLORE = "[data-view=explore] .liverlab-viewer"
HOOK = "[data-view=hook] .liverlab-viewer[data-painted]"
SIDEWAYS = "() => document.documentElement.scrollWidth - window.innerWidth"


def two_values(control):
    """The value a control starts at and one other: the same page, sooner made."""
    kept = sorted({control.start, 0 if control.start else len(control.values) - 1})
    values, words = ([thing[n] for n in kept] for thing in (control.values, control.words))
    return replace(control, values=tuple(values), words=tuple(words), start=kept.index(control.start))


def write(folder, lesson, controls_of, slices):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "controls_of", controls_of)
        path = folder / f"{lesson}.html"
        path.write_text(handout.build(NOTEBOOKS / path.with_suffix(".ipynb").name, slices=slices), encoding="utf-8")
    return path.as_uri()


def visit(browser, address, **look):
    """A page that shows a handout; whoever closes it asks whether it kept to itself."""
    context = browser.new_context(**look)
    traffic, page = lab.Traffic(context), context.new_page()
    page.traffic, page.said = traffic, []
    page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.locator(HOOK).wait_for()
    return page


def leave(page):
    assert page.traffic.errors == []
    assert page.said == []
    assert [url for url in page.traffic.foreign() if not url.startswith("file:")] == []
    assert len([url for url in page.traffic.urls if url.startswith("file:")]) == 1
    page.context.close()


def predict(page, option=0, sure="fairly"):
    page.locator("[data-predict] input").nth(option).check()
    page.locator(f"[data-predict] [data-sure={sure}]").click()
    page.locator(f"{EXPLORE}[data-settled]").wait_for()


def move(page, number, value):
    """Move a control and wait until the viewer has painted what it asks for."""
    before = page.locator(EXPLORE).get_attribute("data-painted")
    control = page.locator(f"[data-control='{number}']")
    if control.evaluate("(element, value) => element.value === String(value)", value):
        return
    if control.evaluate("(element) => element.tagName") == "SELECT":
        control.select_option(str(value))
    else:
        control.fill(str(value))
    expect(page.locator(EXPLORE)).not_to_have_attribute("data-painted", before)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("handout")


@pytest.fixture(scope="module", params=LESSONS)
def phone(request, browser, folder):
    """One lesson on a phone in dark colours, opened and predicted."""
    whole = recording.controls_of
    address = write(folder, request.param, lambda lesson: tuple(map(two_values, whole(lesson))), slices=1)
    page = visit(browser, address, viewport={"width": 360, "height": 740}, color_scheme="dark")
    page.data = evidence.load().lessons[request.param]
    predict(page)
    yield page
    leave(page)


def test_every_control_is_answered_by_picture_and_words(phone):
    controls = phone.locator("[data-control]")
    count = controls.count()
    assert count >= 2
    starts = [controls.nth(n).input_value() for n in range(count)]
    said = set()
    for number in range(count):
        for value in (0, 1, starts[number]):
            move(phone, number, value)
            said.add(phone.locator("[data-view=explore] .ll-text").inner_text())
    assert len(said) > 1
    assert phone.locator("[data-view=explore] [role=alert]:visible").count() == 0
    assert phone.evaluate(SIDEWAYS) <= 0


def test_every_quiz_item_answers_and_the_result_counts(phone):
    quiz = phone.data["quiz"]
    for item in quiz:
        card = phone.locator(f"[data-quiz='{item['id']}']")
        if item["kind"] == "choice":
            right = next(option["id"] for option in item["options"] if option["correct"])
            card.locator(f"input[value='{right}']").check()
        elif item["kind"] == "number":
            card.locator("[data-number]").fill(f"{item['answer']} {item.get('unit') or ''}")
        button = "[data-check]" if item["kind"] == "simulator" else "[data-sure=certain]"
        card.locator(button).click()
        head = ("Right.", "Not right.") if item["kind"] == "simulator" else ("Right.",)
        assert card.locator("[data-feedback] b").first.inner_text() in head
    asked = [item for item in quiz if item["kind"] != "simulator"]
    right = int(phone.locator("[data-result]").inner_text().split()[0])
    assert len(asked) <= right <= len(quiz)


def test_axe_finds_nothing_in_light_and_dark_with_everything_open(phone):
    phone.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    phone.evaluate("() => document.querySelectorAll('[data-figures]').forEach((one) => one.scrollIntoView())")
    assert violations(phone, "html") == []
    phone.emulate_media(color_scheme="light")
    expect(phone.locator("body")).to_have_attribute("data-jp-theme-light", "true")
    assert violations(phone, "html", COLOURS) == []
    assert phone.evaluate(SIDEWAYS) <= 0


@pytest.fixture(scope="module")
def address(folder):
    """Lesson 02 with three slices, two losses of perfusion and every visit."""

    def controls_of(lesson):
        loss, _, visits = whole(lesson)
        return two_values(loss), visits

    whole = recording.controls_of
    return write(folder, "02_pseudoprogression", controls_of, slices=3)


@pytest.fixture
def page(browser, address):
    page = visit(browser, address, viewport={"width": 1280, "height": 800})
    yield page
    leave(page)


def test_before_the_prediction_only_the_first_picture_is_unpacked(page):
    assert page.locator(".lh-guarded").first.is_hidden()
    assert page.locator(".lp-shut").first.is_visible()
    assert page.evaluate("() => window.Plotly === undefined")
    assert page.locator(EXPLORE).count() == 0
    assert page.locator(f"{HOOK} .ll-pane").count() == 2


def test_the_file_says_what_the_lesson_says(page):
    predict(page, option=2, sure="certain")
    lesson = pseudoprogression.open_lesson()
    words = page.locator("[data-view=explore] .ll-text")
    assert words.inner_text() == lesson.text(lesson.page.state)
    move(page, 1, 1)
    now = lesson.simulate(evidence.Scenario(lesson.data["case"]).with_changes(visit=1))
    assert words.inner_text() == lesson.text(now)
    assert now.verdict("Choi", "unequivocal") in page.locator("[data-text='side-0'] td").nth(2).inner_text()
    outcome = page.locator("[data-part=explain] .lp-beside")
    assert "There is clearly less of it" in outcome.inner_text()
    assert "(certain)" in outcome.inner_text()
    assert lesson.outcome(now) in outcome.inner_text()


def test_outlines_wait_to_be_asked_for_and_slices_scroll(page):
    page.locator("[data-skip]").click()
    viewer = page.locator(f"{EXPLORE}[data-settled]")
    viewer.wait_for()
    pane = viewer.locator(".ll-pane").last
    assert pane.locator(".ll-outline").count() == 0
    pane.focus()
    page.keyboard.press("t")
    expect(pane.locator(".ll-outline").first).to_be_attached()
    opened = int(pane.get_attribute("data-slice"))
    page.keyboard.press("ArrowUp")
    expect(pane).not_to_have_attribute("data-slice", str(opened))
    assert page.locator("[data-said]").inner_text().startswith("You made no prediction")


@pytest.mark.parametrize(("typed", "words"), [("4,8 mm", "Right."), ("\u22124.8", "Not right."), ("48", "Not right.")])
def test_numbers_are_read_as_in_the_lesson(page, typed, words):
    predict(page)
    card = page.locator("[data-quiz=rose]")
    card.locator("[data-number]").fill(typed)
    card.locator("[data-sure=guess]").click()
    assert card.locator("[data-feedback] b").inner_text() == words


def test_what_is_no_number_is_not_taken(page):
    predict(page)
    card = page.locator("[data-quiz=rose]")
    card.locator("[data-number]").fill("4.8.1")
    assert card.locator("[data-sure]:enabled").count() == 0
    assert "one number" in card.locator("[data-message]").inner_text()


def test_projector_mode_makes_all_type_larger(page):
    sizes = """() => ["h1", ".lh-page > p", ".lh-option", ".lp-question", "#lh-print"]
        .map((one) => parseFloat(getComputedStyle(document.querySelector(one)).fontSize))"""
    before = page.evaluate(sizes)
    page.locator(".lp-projector").click()
    scale = page.evaluate("() => parseFloat(document.documentElement.style.getPropertyValue('--lp-scale'))")
    assert scale > 1.1
    assert page.evaluate(sizes) == pytest.approx([scale * size for size in before], rel=0.01)
    assert page.evaluate(SIDEWAYS) <= 0
    page.locator(".lp-projector").click()
    assert page.evaluate(sizes) == before


def test_paper_has_everything_open_the_answers_on_a_sheet_and_no_buttons(page):
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".lh-guarded").first.is_visible()
    assert page.locator(".lh-answers").is_visible()
    assert page.locator("button:not(.lp-term):visible").count() == 0
    assert page.locator("input[type=range]:visible").count() == 0
    assert page.locator("details[data-print]:not([open])").count() == 0
    page.emulate_media(media="screen")
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".lh-answers").is_hidden()
    assert page.locator(".lh-guarded").first.is_hidden()
