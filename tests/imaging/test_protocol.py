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


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: replace(REFERENCE, kvp=70.0), r"^kvp is 70; it must be 80 to 140 kV\.$"),
        (lambda: replace(REFERENCE, delay_s=float("nan")), r"^delay_s is nan; it must be 0 to 300 s\.$"),
        (lambda: replace(REFERENCE, weight_kg=0.0), r"^weight_kg is 0; it must be 20 to 200 kg\.$"),
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
