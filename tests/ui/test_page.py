"""The state holder: changes, undo, presets, codes, subscribers, and errors that never disappear."""

import pytest


def test_a_change_reaches_every_subscriber_with_a_new_version(page):
    seen = []
    page.subscribe(lambda p: seen.append((p.version, p.values["loss_pct"])))
    page.set(loss_pct=40.0)
    assert seen == [(1, 40.0)]
    page.set(loss_pct=40.0)
    assert len(seen) == 1, "the same value again is no change"


def test_unsubscribe(page):
    seen = []
    end = page.subscribe(seen.append)
    end()
    end()
    page.set(loss_pct=40.0)
    assert seen == []


def test_one_drag_is_one_undo_step(page, clock):
    for value in (80.0, 70.0, 60.0):
        page.set(loss_pct=value)
        clock.now += 0.05
    page.undo()
    assert page.values["loss_pct"] == 85.0
    assert not page.can_undo


def test_a_pause_or_another_slider_starts_a_new_step(page, clock):
    page.set(loss_pct=80.0)
    clock.now += 5
    page.set(loss_pct=70.0)
    page.set(kvp=100.0)
    page.set(loss_pct=60.0)
    seen = []
    for _ in range(4):
        page.undo()
        seen.append((page.values["loss_pct"], page.values["kvp"]))
    assert seen == [(70.0, 100.0), (70.0, 120.0), (80.0, 120.0), (85.0, 120.0)]
    page.undo()
    assert page.values["loss_pct"] == 85.0


def test_a_drag_that_returns_to_its_start_is_still_one_step(page):
    page.call("equivocal")
    page.set(loss_pct=80.0)
    page.set(loss_pct=70.0)
    page.undo()
    assert page.values["loss_pct"] == 85.0
    assert page.scenario.new_lesion_call == "equivocal"


def test_reset_and_preset_can_be_undone(page):
    page.set(loss_pct=10.0)
    page.preset("two")
    assert (page.values["loss_pct"], page.values["rate_per_week"]) == (20.0, 0.05)
    page.reset()
    assert page.values["loss_pct"] == 85.0
    page.undo()
    page.undo()
    assert page.values["loss_pct"] == 10.0


def test_an_unknown_preset_names_those_there_are(page):
    with pytest.raises(ValueError, match="'three' is not one of one, two"):
        page.preset("three")


def test_a_code_brings_the_page_back_and_a_bad_one_changes_nothing(page):
    page.set(loss_pct=33.0)
    page.call("equivocal")
    code = page.scenario.code()
    page.reset()
    page.load_code(f"  {code}\n")
    assert (page.values["loss_pct"], page.scenario.new_lesion_call) == (33.0, "equivocal")
    before = page.scenario
    with pytest.raises(ValueError, match="damaged"):
        page.load_code("nonsense")
    assert page.scenario == before


def test_the_state_is_computed_once_per_scenario(page):
    calls = []
    page.compute = lambda scenario: calls.append(scenario) or len(calls)
    assert (page.state, page.state) == (1, 1)
    page.set(loss_pct=1.0)
    assert page.state == 2


def test_a_failing_subscriber_stops_nobody_and_does_not_disappear(page):
    seen, told = [], []
    page.on_error(told.append)
    end = page.subscribe(lambda p: 1 / 0)
    page.subscribe(lambda p: seen.append(p.version))
    with pytest.raises(ZeroDivisionError):
        page.set(loss_pct=1.0)
    assert seen == [1]
    assert [e.sentence for e in page.errors] == ["The page could not show this scenario: division by zero"]
    assert "ZeroDivisionError" in page.errors[0].details
    assert page.errors[0].code == page.scenario.code()
    assert told == [page.errors[0]]
    end()
    page.set(loss_pct=2.0)
    assert told[-1] is None, "the banner goes once a change went well"
    assert len(page.errors) == 1


def test_run_records_an_error_once_even_when_callbacks_are_nested(page):
    page.subscribe(lambda p: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        page.run(lambda: page.set(loss_pct=1.0), "set the slider")()
    assert len(page.errors) == 1


def test_a_failing_scenario_code_does_not_hide_the_error(page, monkeypatch):
    monkeypatch.setattr(type(page.scenario), "code", lambda self: 1 / 0)
    report = page.report(ValueError("too large"))
    assert report.sentence.endswith("too large")
    assert "no scenario code" in report.code


def test_what_is_costly_waits_for_rest_only_while_dragging_and_only_if_someone_rests(page):
    quick, slow = [], []
    page.subscribe(lambda p: quick.append(p.version))
    page.subscribe(lambda p: slow.append(p.version), when_still=True)
    page.set(loss_pct=1.0)
    assert slow == [1], "no viewer has ever said that it rests: nobody would call us later"
    page.rest()
    page.set(loss_pct=2.0)
    page.set(loss_pct=3.0)
    assert (quick, slow) == ([1, 2, 3], [1])
    page.rest()
    page.rest()
    assert slow == [1, 3]
    page.undo()
    assert slow == [1, 3, 4], "a single step does not wait"


def test_an_error_at_rest_is_told_too(page):
    page.subscribe(lambda p: 1 / 0 if p.version else None, when_still=True)
    page.rest()
    page.set(loss_pct=2.0)
    assert page.errors == []
    with pytest.raises(ZeroDivisionError):
        page.rest()
    assert len(page.errors) == 1
