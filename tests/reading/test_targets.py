"""Choice of target lesions: RECIST 1.1's limits, the same whatever the order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.reading import recist, targets


def lesion(name, diameter_mm, **more):
    return {"lesion": name, "diameter_mm": diameter_mm, **more}


def roles(lesions):
    return {row["lesion"]: row["role"] for row in recist.choose_targets(lesions)}


@pytest.mark.parametrize(
    ("one", "role"),
    [
        (lesion("A", 10), "target"),
        (lesion("A", 9.99), "non_target"),
        (lesion("A", 15, node=True), "target"),
        (lesion("A", 14.99, node=True), "non_target"),
        (lesion("A", 10, node=True), "non_target"),
        (lesion("A", 9.99, node=True), "excluded"),
        (lesion("A", 10, slice_mm=5), "target"),
        (lesion("A", 15.99, slice_mm=8), "non_target"),
        (lesion("A", 16, slice_mm=8), "target"),
        (lesion("A", 15, node=True, slice_mm=8), "non_target"),
        (lesion("A", 60, simple_cyst=True), "excluded"),
    ],
)
def test_limits_of_one_lesion(one, role):
    assert roles([one]) == {"A": role}


def test_two_an_organ_and_five_in_all():
    lesions = [
        lesion(f"{organ}{k}", 60 - 10 * k - place, organ=organ)
        for place, organ in enumerate(("liver", "lung", "adrenal"))
        for k in range(3)
    ]
    chosen = roles(lesions)
    assert [name for name, role in chosen.items() if role == "target"] == [
        "liver0",
        "liver1",
        "lung0",
        "lung1",
        "adrenal0",
    ]
    said = {row["lesion"]: row["reason"] for row in recist.choose_targets(lesions)}
    assert said["liver2"] == "40 mm: 2 larger targets in the liver already."
    assert said["adrenal1"] == "48 mm: 5 larger targets are followed already."


def test_all_nodes_are_one_organ():
    nodes = [lesion(f"N{k}", 30 - k, node=True, organ=f"station {k}") for k in range(3)]
    assert list(roles(nodes).values()) == ["target", "target", "non_target"]


def test_reasons_name_the_numbers():
    said = [row["reason"] for row in recist.choose_targets([lesion("A", 12, slice_mm=8), lesion("N", 12.5, node=True)])]
    assert said == ["12 mm: a target needs 16 mm with slices of 8 mm.", "12.5 mm short axis: a target needs 15 mm."]


one_lesion = st.tuples(
    st.integers(300, 6000), st.sampled_from(["liver", "lung", "bone", "adrenal"]), st.booleans(), st.booleans()
)


@given(st.lists(one_lesion, min_size=1, max_size=15), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_choice_keeps_the_rules_and_does_not_depend_on_order(drawn, random):
    lesions = [
        lesion(f"L{k}", size / 100, organ=organ, node=node, simple_cyst=cyst)
        for k, (size, organ, node, cyst) in enumerate(drawn)
    ]
    chosen = roles(lesions)
    shuffled = lesions.copy()
    random.shuffle(shuffled)
    assert roles(shuffled) == chosen
    picked = [one for one in lesions if chosen[one["lesion"]] == "target"]
    places = ["node" if one["node"] else one["organ"] for one in picked]
    assert len(picked) <= 5
    assert all(places.count(place) <= 2 for place in places)
    for one in lesions:
        measurable = not one["simple_cyst"] and one["diameter_mm"] >= (15 if one["node"] else 10)
        if chosen[one["lesion"]] == "target":
            assert measurable
        elif measurable:
            place = "node" if one["node"] else one["organ"]
            rivals = picked if len(picked) == 5 else [p for p, at in zip(picked, places, strict=True) if at == place]
            full = len(picked) == 5 or len(rivals) == 2
            assert full
            smallest = min(
                p["diameter_mm"] for p, at in zip(picked, places, strict=True) if len(picked) == 5 or at == place
            )
            assert one["diameter_mm"] <= smallest or places.count(place) == 2


def test_a_data_frame_will_do():
    import pandas as pd

    frame = pd.DataFrame([lesion("A", 20), lesion("B", 12, node=True)])
    assert roles(frame) == {"A": "target", "B": "non_target"}


@pytest.mark.parametrize(
    ("lesions", "sentence"),
    [
        ([], "lesions is empty"),
        ([lesion("A", np.nan)], "diameter_mm is nan mm for lesion 'A'; allowed: 0 to 1000 mm"),
        ([lesion("A", -1)], "diameter_mm is -1 mm"),
        ([lesion("A", 12), lesion("A", 13)], "lesion 'A' appears twice; allowed: once"),
        ([lesion(None, 12)], "lesion is missing in a row"),
        ([lesion("A", 12, slice_mm=0)], "slice_mm is 0 mm for lesion 'A'; allowed: 0.1 to 100 mm"),
    ],
)
def test_bad_lesions_are_refused_in_one_sentence(lesions, sentence):
    with pytest.raises(ValueError, match=sentence):
        targets.choose_targets(lesions)
