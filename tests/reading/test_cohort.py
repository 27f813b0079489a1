"""A cohort is its patients: same answers as one by one, whatever the blocks; progress; refusals."""

import itertools

import numpy as np
import pytest

from liverlab import evidence
from liverlab.disease import course
from liverlab.reading import codes, cohort, report, scan

DAYS = np.arange(8) * 56.0
VARIED = {
    "perfusion_loss_pct": (0, 95),
    "growth_rate_per_week": (0, 0.05),
    "shrinkage_rate_per_week": (0, 0.1),
    "resistance_rate_per_week": (0, 0.2),
    "liver_enhancement_change_hu": (-30, 10),
    "hypovascular_enhancement_hu": (0, 60),
    "occult_count": (0, 5),
    "new_lesion_count": (0, 3),
}


@pytest.fixture(scope="module")
def setting():
    data = evidence.load()
    case = data.cases["gist_imatinib"]
    return data.values(evidence.Scenario(case.id)), case.lesions


def drawn(values, count, seed=1):
    rng = np.random.default_rng(seed)
    return values | {key: rng.uniform(*limits, count) for key, limits in VARIED.items()}


@pytest.mark.parametrize("call", cohort.CALLS)
def test_a_cohort_says_of_every_patient_what_the_page_says(setting, call):
    values, lesions = setting
    many = drawn(values, 60)
    answer = cohort.simulate(many, lesions, DAYS, call=call)
    said = set()
    for i in range(60):
        own = {key: float(value[i]) if np.ndim(value) else value for key, value in many.items()}
        state = course.simulate(own, lesions, DAYS)
        seen = report.follow_up(scan.portal(own, lesions, state).readings, DAYS, state.ids)
        assert answer.targets[i] == len(seen.targets)
        assert answer.sum_mm[i] == pytest.approx(seen.sum_mm)
        if not seen.targets:
            continue
        for visit in range(1, DAYS.size):
            calls = {row["criterion"]: row["call"] for row in seen.verdicts(visit, call)}
            assert calls["RECIST 1.1"] == codes.label(answer.recist[i, visit])
            assert calls["Choi"] == codes.label(answer.choi[i, visit])
            said |= set(calls.values())
    assert said >= {"PR", "SD", "PD"}


def test_neither_blocks_nor_threads_change_the_answer(setting, monkeypatch):
    values, lesions = setting
    many = drawn(values, 300)
    whole = cohort.simulate(many, lesions[:4], DAYS, threads=1)
    monkeypatch.setattr(cohort, "BLOCK_READINGS", 32 * 7)
    pieces = cohort.simulate(many, lesions[:4], DAYS, threads=3)
    for name in ("targets", "sum_mm", "mean_hu", "recist", "recist_best", "choi", "choi_best"):
        assert (getattr(whole, name) == getattr(pieces, name)).all()


def test_progress_rises_to_all_patients(setting, monkeypatch):
    values, lesions = setting
    monkeypatch.setattr(cohort, "BLOCK_READINGS", 4 * 8 * 50)
    seen = []
    cohort.simulate(drawn(values, 230), lesions[:4], DAYS, progress=lambda done, of: seen.append((done, of)))
    assert [of for _, of in seen] == [230] * 5
    assert all(later > earlier for (earlier, _), (later, _) in itertools.pairwise(seen))
    assert seen[-1] == (230, 230)


def test_an_error_in_one_block_ends_the_run(setting):
    values, lesions = setting
    many = drawn(values, 2000)
    many["growth_rate_per_week"][1500] = -1
    with pytest.raises(ValueError, match="growth_rate_per_week is -1"):
        cohort.simulate(many, lesions[:4], DAYS)


def test_a_drug_that_starves_more_gives_more_choi_responses_and_hardly_more_by_recist(setting):
    values, lesions = setting
    shares = {}
    for loss in (0.0, 40.0, 80.0):
        many = drawn(values, 400) | {
            "perfusion_loss_pct": np.full(400, loss),
            "occult_count": 0.0,
            "new_lesion_count": 0.0,
        }
        answer = cohort.simulate(many, lesions[:4], DAYS)
        shares[loss] = [(best[:, -1] == codes.PR).mean() for best in (answer.choi_best, answer.recist_best)]
    by_choi, by_recist = zip(*shares.values(), strict=True)
    assert by_choi[0] < by_choi[1] <= by_choi[2]
    assert by_choi[2] - by_choi[0] > 5 * abs(by_recist[2] - by_recist[0])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"values": {}}, "values holds no array; allowed: at least one array"),
        (
            {"values": {"occult_count": np.zeros(3)}},
            r"occult_count has shape \(3,\) beside perfusion_loss_pct of shape \(5,\)",
        ),
        ({"values": {"kvp": np.full(5, 120.0)}}, "kvp is an array; allowed: one number"),
        ({"values": {"perfusion_loss_pct": np.full(5, np.nan)}}, "perfusion_loss_pct is nan"),
        ({"call": "sure"}, "call is 'sure'; allowed: none, equivocal, unequivocal"),
        ({"threads": 0}, "threads is 0; allowed: 1 or more"),
        ({"days": [0, 56, 28]}, "days goes from 56 back to 28"),
        ({"lesions": ()}, "lesions is empty"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(setting, change, sentence):
    values, lesions = setting
    some = {} if change.get("values") == {} else {"perfusion_loss_pct": np.linspace(0, 80, 5)}
    arguments = {"lesions": lesions, "days": DAYS} | change
    arguments["values"] = values | some | change.get("values", {})
    with pytest.raises(ValueError, match=sentence):
        cohort.simulate(**arguments)
