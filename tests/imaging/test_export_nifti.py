"""NIfTI: the header by the standard's table, the affine in RAS, the HU as they were; and what a study refuses."""

import gzip
import struct
from types import SimpleNamespace

import numpy as np
import pytest

from liverlab.imaging.export import nifti
from liverlab.imaging.export import study as studies

from .export_case import MATRIX, series, study


def load(path):
    """A reader of its own: (header fields, affine, array (slices, rows, columns)), offsets from nifti1.h."""
    raw = gzip.decompress(path.read_bytes())
    assert struct.unpack_from("<i", raw, 0)[0] == 348
    assert raw[344:348] == b"n+1\0"
    dim = struct.unpack_from("<8h", raw, 40)
    fields = {
        "dim": dim,
        "intent": struct.unpack_from("<h", raw, 68)[0],
        "datatype": struct.unpack_from("<h", raw, 70)[0],
        "bitpix": struct.unpack_from("<h", raw, 72)[0],
        "pixdim": struct.unpack_from("<8f", raw, 76),
        "vox_offset": struct.unpack_from("<f", raw, 108)[0],
        "scale": struct.unpack_from("<2f", raw, 112),
        "units": raw[123],
        "description": raw[148:228].rstrip(b"\0").decode(),
        "codes": struct.unpack_from("<2h", raw, 252),
        "quaternion": struct.unpack_from("<6f", raw, 256),
    }
    affine = np.array(struct.unpack_from("<12f", raw, 280)).reshape(3, 4)
    dtype = {4: "<i2", 2: "u1"}[fields["datatype"]]
    return fields, affine, np.frombuffer(raw, dtype, offset=352).reshape(dim[3], dim[2], dim[1])


@pytest.fixture(scope="module")
def exported():
    return study()


@pytest.fixture(scope="module")
def files(exported, tmp_path_factory):
    return nifti.write(exported, tmp_path_factory.mktemp("nifti") / "out")


def test_hu_and_labels_survive(exported, files):
    assert [path.name for path in files] == [
        "01_day_0000_portal_venous_70_s.nii.gz",
        "01_day_0000_portal_venous_70_s_lesions.nii.gz",
        "02_day_0084_late_arterial_35_s.nii.gz",
        "02_day_0084_late_arterial_35_s_lesions.nii.gz",
    ]
    for one, picture, labels in zip(exported.series, files[::2], files[1::2], strict=True):
        hu, truth = load(picture)[2], load(labels)[2]
        for index in (0, 33, 40):
            assert np.array_equal(hu[index], one.scene.render(index, MATRIX))
            assert np.array_equal(truth[index], one.scene.truth(index, MATRIX))


def test_the_header_is_that_of_a_ct_volume_in_millimetres(files):
    fields, _, _ = load(files[2])
    assert fields["dim"][:4] == (3, MATRIX, MATRIX, 64)
    assert (fields["datatype"], fields["bitpix"], fields["units"]) == (4, 16, 2)
    assert fields["pixdim"][:4] == pytest.approx((1.0, 5.625, 5.625, 3.0))
    assert (fields["vox_offset"], fields["scale"]) == (352.0, (1.0, 0.0))
    assert fields["description"].startswith("SIMULATED Day 84")
    labels, _, _ = load(files[3])
    assert (labels["datatype"], labels["bitpix"], labels["intent"]) == (2, 8, 1002)


def test_a_lesion_lies_in_ras_where_the_model_has_it_in_lps(exported, files):
    _, affine, truth = load(files[1])
    k, j, i = np.argwhere(truth == 1).mean(0)
    x, y, z = affine @ (i, j, k, 1)
    assert (-x, -y, z) == pytest.approx(exported.series[0].scene.lesions.centre_mm[0], abs=2.0)


def test_quaternion_and_affine_say_the_same(files):
    fields, affine, _ = load(files[0])
    b, c, d, *offset = fields["quaternion"]
    a = np.sqrt(max(0.0, 1 - b * b - c * c - d * d))
    turn = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )
    assert fields["codes"] == (1, 1)
    assert turn * fields["pixdim"][1:4] == pytest.approx(affine[:, :3], abs=1e-5)
    assert offset == pytest.approx(affine[:, 3])


def test_the_same_study_makes_the_same_bytes(files, tmp_path):
    again = nifti.write(study(), tmp_path / "again")
    assert [a.read_bytes() for a in again] == [b.read_bytes() for b in files]


# ---- what a study refuses --------------------------------------------------------------------------------------------


def test_impossible_studies_are_refused_before_anything_is_written():
    with pytest.raises(ValueError, match="matrix is 100000"):
        study(matrix=100_000)
    with pytest.raises(ValueError, match="holds 0 acquisitions"):
        studies.Study("case", "title", "code", ())
    with pytest.raises(ValueError, match="twice"):
        study(series(), series())
    with pytest.raises(ValueError, match="day is nan"):
        series(day=float("nan"))
    with pytest.raises(ValueError, match="day is -1"):
        series(day=-1)
    with pytest.raises(ValueError, match="scene is a Hot; only scenes of CT"):
        studies.Series(0.0, "Day 0", Hot())


def test_a_full_disk_is_noticed_before_the_first_file(monkeypatch, tmp_path):
    monkeypatch.setattr(studies.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    with pytest.raises(ValueError, match=r"0 MB are free; the study needs 1 MB"):
        nifti.write(study(), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


class Hot:
    anatomy = series().scene.anatomy

    def render(self, index, matrix):
        return np.full((matrix, matrix), 4000, np.int16)


def test_hu_that_do_not_fit_are_refused():
    hot = study(series())
    object.__setattr__(hot.series[0], "scene", Hot())
    with pytest.raises(ValueError, match="slice 0 holds HU outside -1024 to 3071"):
        next(studies.slices(hot, print))
