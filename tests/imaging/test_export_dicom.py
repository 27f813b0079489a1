"""DICOM: read back, the HU are the same, the positions right, and everything says that it is simulated."""

import sys

import highdicom
import numpy as np
import pydicom
import pytest

from liverlab.imaging.export import dicom

from .export_case import MATRIX, lesions, series, study


@pytest.fixture(scope="module")
def exported():
    return study()


@pytest.fixture(scope="module")
def folder(exported, tmp_path_factory):
    where = tmp_path_factory.mktemp("dicom") / "out"
    told = []
    files = dicom.write(exported, where, told.append)
    assert told == [f"{count} of 64 slices" for count in (16, 32, 48, 64)]
    assert sorted(files) == sorted(where.rglob("*.dcm"))
    return where


@pytest.fixture(scope="module")
def read(folder):
    """Folder -> its CT images from caudal to cranial."""
    found = {}
    for sub in sorted(folder.iterdir()):
        images = [pydicom.dcmread(path) for path in sub.glob("CT*.dcm")]
        found[sub.name] = sorted(images, key=lambda image: image.ImagePositionPatient[2])
    return list(found.values())


def test_the_hu_survive_exactly(exported, read):
    for one, images in zip(exported.series, read, strict=True):
        for index in (0, 33, 63):
            stored = images[index].pixel_array.astype(int) * int(images[index].RescaleSlope)
            assert np.array_equal(
                stored + int(images[index].RescaleIntercept), one.scene.render(index, MATRIX).astype(int)
            )


def test_every_pixel_lies_where_the_model_has_it(exported, read):
    body = exported.series[0].scene.anatomy
    image = read[0][20]
    rows_step, columns_step = (float(v) for v in image.PixelSpacing)
    x, y, z = (float(v) for v in image.ImagePositionPatient)
    assert [float(v) for v in image.ImageOrientationPatient] == [1, 0, 0, 0, 1, 0]
    assert z == pytest.approx(body.z_mm[20])
    middle = (MATRIX - 1) / 2
    assert (x + middle * columns_step, y + middle * rows_step) == pytest.approx(body.fov_centre_mm)
    assert MATRIX * columns_step == pytest.approx(body.fov_mm)
    # patient's right is low x: the liver's pixels lie there, and the spine's lie at the back
    hu = np.stack([one.pixel_array.astype(int) + int(one.RescaleIntercept) for one in read[0]])
    row = np.argwhere((hu > 350) & (hu < 900))[:, 1]
    assert y + np.median(row) * rows_step > body.fov_centre_mm[1]
    liver = np.argwhere(body.prepare(33, MATRIX).liver_distance_mm() < -8)
    assert x + np.median(liver[:, 1]) * columns_step < -20


def test_a_workstation_can_stack_the_slices(read):
    for images in read:
        volume = highdicom.get_volume_from_series(images)
        assert volume.shape == (64, MATRIX, MATRIX)
        assert volume.spacing == pytest.approx((3.0, 5.625, 5.625))
        assert volume.get_closest_patient_orientation() is not None
        assert [image.InstanceNumber for image in images] == list(range(64, 0, -1))


def test_one_patient_one_study_one_frame_one_series_an_acquisition(read):
    everything = [image for images in read for image in images]
    for key in ("PatientID", "PatientName", "StudyInstanceUID", "FrameOfReferenceUID"):
        assert len({str(image[key].value) for image in everything}) == 1
    assert len({image.SeriesInstanceUID for image in everything}) == 2
    assert len({image.SOPInstanceUID for image in everything}) == len(everything)
    assert all(len(image.SOPInstanceUID) <= 64 and image.SOPInstanceUID.startswith("2.25.") for image in everything)
    assert all(image.SOPInstanceUID.is_valid for image in everything)


def test_it_says_that_it_is_simulated(read):
    image = read[1][0]
    assert list(image.ImageType) == ["DERIVED", "SECONDARY", "AXIAL", "SIMULATED"]
    assert str(image.PatientName).startswith("SIMULATED^")
    assert image.PatientID.startswith("SIMULATED-")
    assert image.QualityControlSubject == "YES"
    assert "not for clinical use" in image.ImageComments
    assert image.StudyDate == "19000101"
    assert image.AcquisitionDate == "19000326"  # 84 days later
    assert image.PatientBirthDate == image.PatientSex == ""
    assert image.SeriesDescription == "Day 84, late arterial, 35 s"
    assert float(image.ContrastBolusVolume) == pytest.approx(100.0)


def test_an_unenhanced_scan_names_no_contrast_medium(tmp_path):
    dicom.write(study(series(radii_mm=(), delay_s=0.0)), tmp_path / "out")
    files = sorted(tmp_path.rglob("*.dcm"))
    assert len(files) == 64  # no lesions, no masks
    assert "ContrastBolusAgent" not in pydicom.dcmread(files[0])


def test_the_masks_are_the_truth(exported, folder, read):
    for one, sub, images in zip(exported.series, sorted(folder.iterdir()), read, strict=True):
        masks = highdicom.seg.segread(sub / "SEG_lesions.dcm")
        ids = one.scene.lesions.ids
        assert [masks.get_segment_description(n + 1).tracking_id for n in range(masks.number_of_segments)] == list(ids)
        assert masks.get_segment_description(1).segment_label == "Lesion A"
        assert masks.FrameOfReferenceUID == images[0].FrameOfReferenceUID
        assert masks.StudyInstanceUID == images[0].StudyInstanceUID
        volume = masks.get_volume(combine_segments=True)
        source = highdicom.get_volume_from_series(images)
        lying = volume.match_geometry(source).array if volume.shape != source.shape else volume.array
        truth = np.stack([one.scene.truth(k, MATRIX) for k in range(64)])
        # the order of slices is that of the volume: caudal or cranial first
        upwards = source.get_affine("RAS")[2, 0] > 0
        assert np.array_equal(lying, truth if upwards else truth[::-1])


def test_the_same_lesion_has_the_same_tracking_uid_at_every_visit(folder):
    masks = [highdicom.seg.segread(sub / "SEG_lesions.dcm") for sub in sorted(folder.iterdir())]
    first, second = (one.get_segment_description(1).tracking_uid for one in masks)
    assert first == second
    assert masks[1].get_segment_description(2).tracking_uid != first


def test_the_same_study_makes_the_same_files_and_another_other_uids(exported, folder, tmp_path):
    dicom.write(study(), tmp_path / "again")
    for path in sorted(folder.rglob("*.dcm")):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(folder)).read_bytes(), path.name
    other = study(code="LL1-OTHER")
    assert other.uid("study") != exported.uid("study")
    assert study(matrix=128).uid("study") != exported.uid("study")
    assert other.patient_id != exported.patient_id


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "highdicom", None)
    with pytest.raises(ImportError, match="-m pip install pydicom highdicom") as refused:
        dicom.write(study(), tmp_path / "out")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match="which is not empty"):
        dicom.write(study(), tmp_path)
    with pytest.raises(ValueError, match="which is a file"):
        dicom.write(study(), tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_lesions_of_another_body_are_refused(tmp_path):
    outside = series()
    object.__setattr__(outside.scene, "lesions", lesions(10.0))
    outside.scene.lesions.centre_mm[0] = (100, 0, 0)
    with pytest.raises(ValueError, match="outside the liver"):
        dicom.write(study(outside), tmp_path / "out")
