"""MASS and SACT: limits, where the two part, core against wrapper, refusals."""

import numpy as np
import pytest

from liverlab.reading import codes, mass

from .readings import is_one_sentence, rows_of


def call(sizes, densities, criterion, **signs):
    sizes, densities = np.atleast_2d(sizes).astype(float), np.atleast_2d(densities).astype(float)
    answer = mass.time_points(sizes, densities, criterion=criterion, **signs)
    return codes.label(answer.overall[1], mass.LABELS)


@pytest.mark.parametrize(
    ("sizes", "densities", "by_mass", "by_sact"),
    [
        ([50, 40], [100, 100], "favourable", "favourable"),
        ([50, 40.01], [100, 100], "indeterminate", "indeterminate"),
        ([50, 50], [100, 60], "favourable", "favourable"),
        ([50, 50], [100, 60.01], "indeterminate", "indeterminate"),
        ([50, 45], [100, 80], "indeterminate", "favourable"),  # -10 % and -20 HU: SACT only
        ([50, 45.01], [100, 80], "indeterminate", "indeterminate"),
        ([50, 60], [100, 100], "unfavourable", "unfavourable"),
        ([50, 59.99], [100, 100], "indeterminate", "indeterminate"),
        ([50, 60], [100, 60], "favourable", "unfavourable"),  # swollen, but it has lost 40 HU
        ([50, 0], [100, 0], "favourable", "favourable"),
    ],
)
def test_limits(sizes, densities, by_mass, by_sact):
    assert call(sizes, densities, "MASS") == by_mass
    assert call(sizes, densities, "SACT") == by_sact


@pytest.mark.parametrize("sign", ["fill_in", "new_enhancement"])
def test_a_dark_mass_that_enhances_again_is_unfavourable_though_it_shrinks(sign):
    for criterion in mass.CRITERIA:
        assert call([50, 35], [100, 50], criterion, **{sign: [False, True]}) == "unfavourable"


def test_necrosis_counts_for_mass_only():
    assert call([50, 50], [100, 90], "MASS", necrosis=[False, True]) == "favourable"
    assert call([50, 50], [100, 90], "SACT", necrosis=[False, True]) == "indeterminate"


def test_a_new_lesion_is_unfavourable():
    assert call([50, 30], [100, 30], "MASS", new_lesion=["none", "unequivocal"]) == "unfavourable"
    assert call([50, 30], [100, 30], "MASS", new_lesion=["none", "equivocal"]) == "favourable"


def test_attenuation_is_not_read_in_the_lung():
    sizes, densities = [[50, 50], [30, 30]], [[100, 100], [60, 10]]
    assert call(sizes, densities, "MASS") == "favourable"
    assert call(sizes, densities, "MASS", in_lung=[False, True]) == "indeterminate"
    rows = rows_of(lesion="A", diameter_mm=[50, 50], hu=[100, 100])
    rows += rows_of(lesion="B", diameter_mm=[30, 30], hu=[60, 10], organ="lung")
    assert mass.assess_rows(rows)[1]["overall"] == "indeterminate"


def test_half_of_the_lesions_is_enough_for_sact():
    sizes, darker = [[50, 45], [50, 45]], [[100, 80], [100, 100]]
    assert call(sizes, darker, "SACT") == "favourable"
    assert call([*sizes, [50, 45]], [*darker, [100, 100]], "SACT") == "indeterminate"


def test_not_measured_is_not_evaluated():
    answer = mass.time_points([[50, 0.0]], [[100, 0.0]], measured=[[True, False]])
    assert codes.label(answer.overall[1], mass.LABELS) == "NE"


def test_reason_names_sizes_and_lesions():
    rows = rows_of(lesion="A", diameter_mm=[50, 48], hu=[100, 52]) + rows_of(
        lesion="B", diameter_mm=[30, 30], hu=[90, 85]
    )
    table = mass.assess_rows(rows)
    assert table[1]["reason"] == (
        "favourable: size -2.5 % (80 to 78 mm); A lost 48 HU. "
        "Favourable is size -20 %, or 40 HU in one lesion; unfavourable is size +20 % or anything new."
    )
    assert list(mass.assess(rows, "SACT")["overall"]) == ["baseline", "favourable"]


def test_core_and_wrapper_agree_on_1000_random_patients():
    rng = np.random.default_rng(23)
    seen = set()
    for _ in range(1000):
        shape = int(rng.integers(1, 4)), int(rng.integers(2, 6))
        sizes = np.round(rng.uniform(10, 80, (shape[0], 1)) * np.exp(rng.normal(0, 0.12, shape).cumsum(1)), 2)
        densities = np.round(rng.uniform(60, 140, (shape[0], 1)) + rng.normal(-6, 15, shape).cumsum(1), 2).clip(
            -50, 300
        )
        measured = rng.random(shape) > 0.03
        measured[:, 0] = True
        signs = {name: rng.random(shape[1]) < 0.05 for name in ("necrosis", "fill_in", "new_enhancement")}
        rows = []
        for i in range(shape[0]):
            rows += rows_of(
                lesion=f"T{i}",
                diameter_mm=list(sizes[i]),
                hu=list(densities[i]),
                status=["" if m else "ne" for m in measured[i]],
                **{name: list(value) for name, value in signs.items()},
            )
        for criterion in mass.CRITERIA:
            answer = mass.time_points(sizes, densities, measured=measured, criterion=criterion, **signs)
            table = mass.assess_rows(rows, criterion)
            assert [row["overall"] for row in table] == [codes.label(c, mass.LABELS) for c in answer.overall]
            assert all(row["reason"].endswith(".") and "nan" not in row["reason"] for row in table)
            seen |= {row["overall"] for row in table}
    assert seen == set(mass.LABELS)


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: mass.time_points([[50, np.nan]], [[100, 100]]), "size_mm is nan mm"),
        (lambda: mass.time_points([[50, 40]], [[100, np.nan]]), "hu is nan HU; allowed: -1000 to 4000 HU"),
        (lambda: mass.time_points([[50, 40]], [[100]]), "size_mm and hu have shapes"),
        (lambda: mass.time_points([[0, 40]], [[100, 90]]), "size_mm has a baseline without a measured lesion"),
        (
            lambda: mass.time_points([[50, 40]], [[100, 90]], criterion="Choi"),
            "criterion is 'Choi'; allowed: MASS or SACT",
        ),
        (lambda: mass.assess_rows(rows_of(diameter_mm=[50, 40])), "hu is None for lesion 'T1' at visit 0"),
        (lambda: mass.assess_rows(rows_of(role="non_target")), "readings has no target"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(attempt, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        attempt()
    assert is_one_sentence(refusal)
