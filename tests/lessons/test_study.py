"""A lesson's patient as a study, and the command that exports it."""

import numpy as np
import pytest

from liverlab.app import export
from liverlab.evidence import Scenario
from liverlab.lessons.study import study_of

CASE = "gist_imatinib"


def test_every_visit_at_every_delay_is_a_series():
    study = study_of(Scenario(CASE), delays_s=(35, 70), visits=(0, 3))
    assert [(one.day, one.scene.protocol.delay_s) for one in study.series] == [(0, 35), (0, 70), (84, 35), (84, 70)]
    assert study.code == Scenario(CASE).code()
    assert len(study_of(Scenario(CASE)).series) == 7


def test_phases_show_the_same_body_and_other_hu():
    arterial, portal = study_of(Scenario(CASE), delays_s=(35, 70), visits=(3,)).series
    assert np.array_equal(arterial.scene.lesions.semi_axes_mm, portal.scene.lesions.semi_axes_mm)
    assert arterial.scene.tissue_hu["aorta"] > portal.scene.tissue_hu["aorta"] + 50
    assert arterial.scene.tissue_hu["liver"] < portal.scene.tissue_hu["liver"] - 20


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="visits holds 7; gist_imatinib has visits 0 to 6"):
        study_of(Scenario(CASE), visits=(7,))
    with pytest.raises(ValueError, match="delay_s is 5000"):
        study_of(Scenario(CASE), delays_s=(5000,))


def test_the_command_writes_a_code_and_a_case_alike(tmp_path, capsys):
    code = Scenario(CASE).with_changes(perfusion_loss_pct=40).code()
    for number, what in enumerate((CASE, code)):
        folder = tmp_path / str(number)
        assert export.main([what, str(folder), "--nifti", "--visits", "3", "--matrix", "64"]) == 0
        assert len(list(folder.iterdir())) == 2
    first, second = (next((tmp_path / name).glob("*70_s.nii.gz")).read_bytes() for name in "01")
    assert first != second
    assert "not for clinical use" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody", "out"], "none of the cases"),
        ([CASE, "out", "--matrix", "7"], "matrix is 7"),
        ([CASE, "out", "--visits", "99"], "visits holds 99"),
        ([CASE, "."], "which is not empty"),
    ],
)
def test_the_command_refuses_in_one_sentence(arguments, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.txt").touch()
    assert export.main(arguments) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
