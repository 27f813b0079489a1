"""Scenarios: immutable, checked, and carried by codes that survive a trip or fail with one sentence."""

from __future__ import annotations

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.evidence import Action, Scenario, ScenarioCodeError
from liverlab.evidence.code_letters import ALPHABET

EV = evidence.load()


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any scenario a page can be in."""
    case = EV.cases[draw(st.sampled_from(sorted(EV.cases)))]
    changes = {}
    for key in draw(st.lists(st.sampled_from(sorted(EV.parameters)), unique=True, max_size=8)):
        parameter = EV.parameters[key]
        high = len(case.visits_day) - 1 if key == "visit" else parameter.high
        changes[key] = draw(st.floats(parameter.low, high))
    actions = draw(
        st.lists(
            st.builds(
                Action,
                st.floats(0, 3650),
                st.sampled_from(evidence.ACTION_KINDS),
                st.text(string.ascii_letters + string.digits + "_ ", max_size=40),
            ),
            max_size=3,
        )
    )
    scenario = Scenario(case.id, actions=tuple(actions), seed=draw(st.integers(0, 2**32 - 1)))
    return scenario.with_changes(**changes).with_call(draw(st.sampled_from(evidence.NEW_LESION_CALLS)))


@given(scenarios(), st.booleans())
def test_round_trip(scenario: Scenario, lower: bool) -> None:
    code = scenario.code()
    again = Scenario.from_code(f"  {code.lower() if lower else code}\n", EV)
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert EV.values(again) == EV.values(scenario)
    assert again.code() == code


def read_or_none(code: str) -> Scenario | None:
    """The scenario, or None where it is refused with one sentence."""
    try:
        return Scenario.from_code(code, EV)
    except ScenarioCodeError as error:
        message = str(error)
        assert message.endswith((".", "liverlab"))
        assert "\n" not in message
        assert len(message) < 240
        return None


@given(scenarios(), st.data())
def test_any_damaged_character_is_noticed(scenario: Scenario, data: st.DataObject) -> None:
    """Mistyped, missing, added or swapped: refused, or (a hyphen, I for 1) read as what was meant."""
    code = scenario.code()
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(ALPHABET + "ILOU-#é"))
    for damaged in (
        code[:place] + other + code[place + 1 :],
        code[:place] + code[place + 1 :],
        code[:place] + other + code[place:],
        code[:place] + code[place : place + 2][::-1] + code[place + 2 :],
    ):
        assert read_or_none(damaged) in (None, scenario)


def test_every_single_mistyped_character_is_noticed() -> None:
    code = Scenario("gist_imatinib").with_changes(delay_s=35, kvp=100).code()
    scenario = Scenario.from_code(code, EV)
    start = code.index("-") + 1
    for place in range(start, len(code)):
        for other in ALPHABET:
            if other != code[place] and code[place] != "-":
                assert read_or_none(code[:place] + other + code[place + 1 :]) is None
    assert read_or_none(code) == scenario


@given(st.text(max_size=60))
def test_foreign_text_is_refused(text: str) -> None:
    assert read_or_none(text) is None
    assert read_or_none("LL1-" + text) is None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "no scenario code"),
        ("hello", "not a scenario code"),
        ("LL2-WWH00-04AFN-R5T", "has version 2, this liverlab reads version 1: update liverlab"),
        ("LL0-WWH00-04AFN-R5T", "has version 0, this liverlab reads version 1: ask for a new one"),
        ("LL1", "not a scenario code"),
        ("LL1-", "not a scenario code"),
        ("LL1-WWH00", "damaged"),
        ("LL1-" + "0" * 5000, "far too long"),
        ("LL1-WWH00-U4AFN", "'U'"),
    ],
)
def test_foreign_codes(code: str, words: str) -> None:
    with pytest.raises(ScenarioCodeError, match=words):
        Scenario.from_code(code, EV)


def small_evidence(damage, *changes: tuple[str, str, str]) -> evidence.Evidence:
    folder = None
    for change in changes:
        folder = damage(*change)
    return evidence.load(folder)


def test_unknown_case(copy) -> None:
    with pytest.raises(ScenarioCodeError, match="names a case that this liverlab does not have"):
        Scenario.from_code(Scenario("chemo_liver").code(), evidence.load(copy))


def test_unknown_parameter(copy) -> None:
    code = Scenario("gist_imatinib").with_changes(noise_hu=20).code()
    with pytest.raises(ScenarioCodeError, match="names a parameter that this liverlab does not have"):
        Scenario.from_code(code, evidence.load(copy))


def test_out_of_range_in_this_version(damage) -> None:
    ev = small_evidence(damage, ("parameters.csv", "70,0,300,5,s", "70,0,100,5,s"))
    code = Scenario("gist_imatinib").with_changes(delay_s=180).code()
    with pytest.raises(ScenarioCodeError, match="delay_s is 180 s; it must be 0 to 100 s"):
        Scenario.from_code(code, ev)


def test_old_codes_survive_new_parameters_and_ranges(damage) -> None:
    """Another order, range and step of the table leave a code's meaning alone."""
    code = Scenario("gist_imatinib").with_changes(delay_s=35, kvp=100).code()
    ev = small_evidence(damage, ("parameters.csv", "70,0,300,5,s", "70,10,400,2.5,s"))
    assert dict(Scenario.from_code(code, ev).changes) == {"delay_s": 35.0, "kvp": 100.0}


def test_a_code_written_down_stays_readable() -> None:
    """Codes live in handouts: this one was printed with the first version."""
    assert Scenario.from_code("LL1-WWH00-04AFN-R5T", EV) == Scenario("gist_imatinib")


def test_code_is_short() -> None:
    assert len(Scenario("gist_imatinib").code()) <= 20
    assert len(Scenario("gist_imatinib").with_changes(delay_s=35, perfusion_loss_pct=40, visit=2).code()) <= 50


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"delay": 35}, r"There is no parameter 'delay'; use a known name \(did you mean delay_s\?\)\."),
        ({"delay_s": 400}, "delay_s is 400 s; it must be 0 to 300 s."),
        ({"delay_s": float("nan")}, "delay_s is nan; it must be a number from 0 to 300 s."),
        ({"delay_s": "late"}, "delay_s is 'late'; it must be a number from 0 to 300 s."),
        ({"delay_s": True}, "delay_s is True; it must be a number from 0 to 300 s."),
        ({"visit": 8}, "visit is 8; it must be 0 to 6 for the case gist_imatinib."),
        ({"visit": 9}, "visit is 9; it must be 0 to 8."),
        ({"delay_s": None}, "delay_s is None; it must be a number"),
        ({"delay_s": [35]}, r"delay_s is \[35\]; it must be a number"),
    ],
)
def test_refused_changes(changes: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Scenario("gist_imatinib").with_changes(**changes)


def test_nothing_changes_when_one_change_is_refused() -> None:
    scenario = Scenario("gist_imatinib")
    with pytest.raises(ValueError, match="kvp is 500"):
        scenario.with_changes(delay_s=35, kvp=500)
    assert scenario == Scenario("gist_imatinib")


def test_unknown_case_in_words() -> None:
    with pytest.raises(ValueError, match="did you mean gist_imatinib"):
        EV.values(Scenario("gist_imatinb"))
    with pytest.raises(ValueError, match="case is 'x'"):
        Scenario("x").with_changes(delay_s=35)


def test_case_defaults_are_dropped() -> None:
    case = EV.cases["gist_imatinib"]
    scenario = Scenario("gist_imatinib").with_changes(delay_s=35, **case.parameters)
    assert scenario.changes == (("delay_s", 35.0),)
    assert scenario.with_changes(delay_s=70) == Scenario("gist_imatinib")


def test_values_are_layered() -> None:
    """Defaults, then the case, then the changes."""
    values = EV.values(Scenario("chemo_liver").with_changes(delay_s=35))
    assert values["kvp"] == EV.parameters["kvp"].value
    assert values["liver_enhancement_change_hu"] == -12.3
    assert values["delay_s"] == 35
    assert list(values) == list(EV.parameters)
    assert all(isinstance(value, float) for value in values.values())


def test_numbers_of_numpy_are_numbers() -> None:
    assert Scenario("gist_imatinib").with_changes(delay_s=np.int64(35), kvp=np.float32(100)) == Scenario(
        "gist_imatinib"
    ).with_changes(delay_s=35, kvp=100)


def test_values_snap_to_the_step() -> None:
    assert dict(Scenario("gist_imatinib").with_changes(delay_s=36.9).changes) == {"delay_s": 35.0}
    assert dict(Scenario("gist_imatinib").with_changes(liver_enhancement_change_hu=-12.34).changes) == {
        "liver_enhancement_change_hu": -12.3
    }


def test_provenance_follows_the_scenario() -> None:
    table = {p.key: p for p in EV.provenance(Scenario("chemo_liver").with_changes(delay_s=35))}
    assert list(table) == list(EV.parameters)
    assert (table["delay_s"].value, table["delay_s"].basis, table["delay_s"].source) == (35.0, "illustrative", ())
    assert table["liver_enhancement_change_hu"].source == ("dresden2011",)
    assert table["growth_rate_per_week"].source == ("hansson2013",)


def test_order_does_not_matter() -> None:
    one = Scenario("gist_imatinib").with_changes(delay_s=35).with_changes(kvp=100)
    two = Scenario("gist_imatinib").with_changes(kvp=100, delay_s=35)
    assert one == two
    assert len({one, two, Scenario("gist_imatinib")}) == 2


def test_actions_are_kept_in_order_of_days() -> None:
    scenario = Scenario("gist_imatinib").with_action(Action(84, "switch")).with_action(Action(28, "test", "pet"))
    assert [action.day for action in scenario.actions] == [28, 84]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Action(-1, "switch"), "day is -1"),
        (lambda: Action(float("nan"), "switch"), "day is nan"),
        (lambda: Action(28, "operate"), "kind is 'operate'"),
        (lambda: Action(28, "test", "<b>"), "detail is '<b>'"),
        (lambda: Scenario("gist_imatinib", seed=-1), "seed is -1"),
        (lambda: Scenario("gist_imatinib", seed=1.5), "seed is 1.5"),
        (lambda: Scenario("gist_imatinib", new_lesion_call="maybe"), "new_lesion_call is 'maybe'"),
        (lambda: Scenario("gist_imatinib", schema=2), "schema is 2"),
        (lambda: Scenario("gist_imatinib", changes=(("kvp", 80), ("kvp", 100))), "each parameter may be there once"),
    ],
)
def test_bad_parts_are_refused(make, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()
