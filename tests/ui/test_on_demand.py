"""What is measured when asked, and the table of findings."""

from liverlab.ui.on_demand import OnDemand
from liverlab.ui.status_table import Finding, status_table


def test_nothing_is_measured_before_somebody_asks_and_then_at_every_rest(page):
    asked = []

    def measure(state):
        asked.append(page.version)
        return f"<p>version {page.version}</p>", []

    panel = OnDemand(page, "Measure it", measure)
    page.set(loss_pct=40)
    assert asked == []
    panel.button.click()
    assert asked == [page.version]
    assert panel.button.disabled
    page.rest()  # from now on a drag waits for the hand to rest
    page.set(loss_pct=41)
    page.set(loss_pct=42)
    assert len(asked) == 1
    page.rest()
    assert len(asked) == 2
    assert panel.words.value == f"<p>version {page.version}</p>"


def test_figures_are_shown_only_where_there_are_some(page):
    drawn = {"id": "x", "title": "x", "alt": "x", "data": [], "layout": {}}
    with_figure = OnDemand(page, "a", lambda state: ("", [drawn]))
    without = OnDemand(page, "b", lambda state: ("", []))
    for panel, display in ((with_figure, None), (without, "none")):
        panel.button.click()
        assert panel.figure.layout.display == display


def test_an_error_while_measuring_reaches_the_banner(page):
    def measure(state):
        raise ValueError("no surface is free")

    OnDemand(page, "Measure it", measure).button.click()  # ipywidgets swallows what a button's callback raises
    assert "no surface is free" in page.errors[-1].sentence
    page.errors.clear()


def test_a_finding_out_of_range_has_a_sign_and_words():
    table = status_table([Finding("Ascites", "none", "mild", "present"), Finding("Liver", "1500 mL", "-3 %")], "Liver")
    ascites, liver = table.split("<tr>")[-2:]
    assert 'aria-hidden="true">▲</span> present' in ascites
    assert "▲" not in liver
    assert "−3\N{NO-BREAK SPACE}%" in liver
    assert "<caption>Liver</caption>" in table


def test_what_is_written_in_a_table_cannot_be_markup():
    table = status_table([Finding("<b>", "<i>", "<u>", "<s>")], "<p>")
    for tag in ("<b>", "<i>", "<u>", "<s>", "<p>"):
        assert tag not in table
