"""The protocol: from parameters, derived quantities, refusals."""

from dataclasses import asdict, replace

import pytest

from liverlab.imaging.protocol import REFERENCE, Protocol


def test_a_protocol_comes_from_values_and_takes_changes():
    values = {**asdict(REFERENCE), "perfusion_loss_pct": 85.0}
    assert Protocol.from_values(values) == REFERENCE
    late = Protocol.from_values(values, delay_s=35)
    assert late == replace(REFERENCE, delay_s=35.0)
    assert len({REFERENCE, late, replace(late)}) == 2


def test_the_reference_injection_is_100_ml_in_33_s():
    assert REFERENCE.iodine_g == pytest.approx(35.0)
    assert REFERENCE.volume_ml == pytest.approx(100.0)
    assert REFERENCE.injection_s == pytest.approx(100.0 / 3.0)
    assert REFERENCE.flush_s == pytest.approx(10.0)


def test_tin_acts_at_140_kv_only_and_sets_iodine_and_calcium_apart():
    plain, filtered = (replace(REFERENCE, kvp=140.0, tin_mm=tin) for tin in (0.0, 0.4))
    assert filtered.tin
    assert not plain.tin
    assert not replace(REFERENCE, kvp=80.0, tin_mm=0.4).tin
    low = replace(REFERENCE, kvp=80.0)
    apart = [
        (low.hu_per_mgi_ml / high.hu_per_mgi_ml) / (low.hu_per_mg_hydroxyapatite_ml / high.hu_per_mg_hydroxyapatite_ml)
        for high in (plain, filtered)
    ]
    assert apart == pytest.approx([1.918 / 1.558, 2.96 / 1.96], rel=0.02)


def test_a_heavier_patient_takes_contrast_from_iodine_and_calcium():
    slopes = [
        (heavy.hu_per_mgi_ml, heavy.hu_per_mg_hydroxyapatite_ml)
        for heavy in (replace(REFERENCE, weight_kg=kg) for kg in (60.0, 70.0, 100.0))
    ]
    assert slopes[1] == pytest.approx((26.2, 1.34))
    assert slopes == sorted(slopes, reverse=True)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: replace(REFERENCE, kvp=70.0), r"^kvp is 70; it must be 80 to 140 kV\.$"),
        (lambda: replace(REFERENCE, delay_s=float("nan")), r"^delay_s is nan; it must be 0 to 300 s\.$"),
        (lambda: replace(REFERENCE, weight_kg=0.0), r"^weight_kg is 0; it must be 20 to 200 kg\.$"),
        (lambda: replace(REFERENCE, tin_mm=0.2), r"^tin_mm is 0.2; it must be 0 or 0.4 mm\.$"),
        (lambda: Protocol.from_values({}), r"^values has no weight_kg; a protocol needs weight_kg, .*\.$"),
        (
            lambda: Protocol.from_values(asdict(REFERENCE), kv=80),
            r"^kv is no part of a protocol; it must be .*\.$",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
