"""A study as DICOM: one series of CT images for each visit and phase, the lesions of each as a DICOM SEG.

Needs the extra [dicom] (pydicom, highdicom). Everything says that it is simulated: patient's name and id, image type,
quality control subject (a phantom), comments. Dates count from 1 January 1900, so that they sort and are nobody's.
CT Image IOD: DICOM PS3.3, A.3; Segmentation IOD: A.51.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

import liverlab
from liverlab.imaging.export.study import LOWEST_HU, Labels, Series, Study, geometry, prepared, slices

SAYS = "Simulation for teaching, not for clinical use. No real patient."
_DAY_ZERO = datetime.date(1900, 1, 1)
_TIME = "120000"
_WINDOWS = ((80, 150, "LIVER"), (50, 400, "SOFT TISSUE"))  # centre, width, name
_SLICE_BYTES = 4000  # a file's head, beside its pixels


def write(study: Study, folder: str | Path, progress: Callable[[str], None] = lambda text: None) -> list[Path]:
    """Write the study into a new or empty folder, one folder a series; returns the files.

    progress : called with a few words now and then. Raises ImportError with one sentence where the extra is missing,
    ValueError for a folder that cannot take it.
    """
    _require()
    counts = [len(series.scene.anatomy.z_mm) for series in study.series]
    folder = prepared(folder, sum(counts) * (2 * study.matrix**2 + _SLICE_BYTES))
    folders = [folder / f"{place + 1:02d}_{series.folder}" for place, series in enumerate(study.series)]
    for one in folders:
        one.mkdir()
    files, heads = [], [[] for _ in study.series]
    labels = [Labels(study.matrix) for _ in study.series]
    for index, place, hu, truth in slices(study, progress):
        image = _ct_image(study, place, index, hu)
        files.append(folders[place] / f"CT{counts[place] - index:04d}.dcm")
        image.save_as(files[-1], enforce_file_format=True)
        del image.PixelData
        heads[place].append(image)
        labels[place].add(truth)
    for place, masks in enumerate(labels):
        if masks:
            files.append(folders[place] / "SEG_lesions.dcm")
            segmentation = _lesion_masks(study, place, heads[place], masks.stack())
            segmentation.save_as(files[-1], enforce_file_format=True)
    return files


def _require() -> None:
    try:
        import highdicom  # noqa: F401
        import pydicom  # noqa: F401
    except ImportError as error:
        command = f"{sys.executable} -m pip install pydicom highdicom"
        raise ImportError(f"DICOM export needs pydicom and highdicom; install them with: {command}") from error


def _ct_image(study: Study, place: int, index: int, hu: np.ndarray):
    """One slice as a pydicom Dataset; hu : int16 (matrix, matrix), place : of the series, index : 0 most caudal."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

    image, series = Dataset(), study.series[place]
    pixel_mm, spacing_mm, first_mm, z_mm = geometry(series.scene, study.matrix)
    image.SpecificCharacterSet = "ISO_IR 192"
    image.ImageType = ["DERIVED", "SECONDARY", "AXIAL", "SIMULATED"]
    image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, study.uid("series", place, "slice", index)
    _patient_and_study(image, study, series)
    image.SeriesInstanceUID = study.uid("series", place)
    image.SeriesNumber = place + 1
    image.SeriesDescription = _short(series.description)
    image.Modality, image.BodyPartExamined, image.PatientPosition = "CT", "ABDOMEN", "HFS"
    image.FrameOfReferenceUID, image.PositionReferenceIndicator = study.uid("frame of reference"), ""
    image.Manufacturer, image.ManufacturerModelName = "liverlab", "liverlab simulator"
    image.SoftwareVersions = liverlab.__version__
    image.AcquisitionNumber = place + 1
    image.InstanceNumber = len(z_mm) - index  # from the head downwards, as scanners count
    image.ImageComments = SAYS
    image.BurnedInAnnotation = "NO"
    image.DerivationDescription = "Computed from a model of the body, its disease and the scanner"
    image.PixelSpacing = [_decimal(pixel_mm)] * 2
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.ImagePositionPatient = [_decimal(v) for v in (*first_mm, z_mm[index])]
    image.SliceLocation = _decimal(z_mm[index])
    image.SliceThickness, image.SpacingBetweenSlices = _decimal(series.scene.slice_mm), _decimal(spacing_mm)
    _protocol(image, series)
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.Rows, image.Columns = hu.shape
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 12, 11, 0
    image.RescaleIntercept, image.RescaleSlope, image.RescaleType = LOWEST_HU, 1, "HU"
    image.WindowCenter, image.WindowWidth, image.WindowCenterWidthExplanation = map(list, zip(*_WINDOWS, strict=True))
    image.PixelData = (hu.astype(np.int32) - LOWEST_HU).astype("<u2").tobytes()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    return image


def _patient_and_study(image, study: Study, series: Series) -> None:
    image.PatientName, image.PatientID = study.patient_name, study.patient_id
    image.PatientBirthDate, image.PatientSex = "", ""
    image.QualityControlSubject = "YES"  # a phantom, in the standard's words
    image.PatientComments = SAYS
    image.PatientWeight = _decimal(series.scene.protocol.weight_kg)
    image.StudyInstanceUID, image.StudyID, image.AccessionNumber = study.uid("study"), "1", ""
    image.StudyDate, image.StudyTime = _date(0), _TIME
    image.SeriesDate = image.AcquisitionDate = image.ContentDate = _date(series.day)
    image.SeriesTime = image.AcquisitionTime = image.ContentTime = _TIME
    image.StudyDescription = _short(f"SIMULATED {study.title}")
    image.ReferringPhysicianName = ""


def _protocol(image, series: Series) -> None:
    protocol = series.scene.protocol
    image.KVP = _decimal(protocol.kvp)
    if protocol.iodine_g_per_kg > 0 and protocol.delay_s > 0:
        image.ContrastBolusAgent, image.ContrastBolusRoute = "SIMULATED", "IV"
        image.ContrastBolusIngredient = "IODINE"
        image.ContrastBolusIngredientConcentration = _decimal(protocol.iodine_concentration_mg_ml)
        image.ContrastBolusVolume = _decimal(protocol.volume_ml)
        image.ContrastFlowRate = _decimal(protocol.injection_rate_ml_s)
        image.ContrastFlowDuration = _decimal(protocol.injection_s)


def _lesion_masks(study: Study, place: int, images: list, labels: np.ndarray):
    """The lesions of a series as a highdicom Segmentation, one segment each.

    images : the series' CT images, from caudal to cranial; labels : uint8 (n, matrix, matrix), 0 none, 1 the first.
    """
    import highdicom
    from pydicom.sr.codedict import codes

    series = study.series[place]
    lesions = series.scene.lesions
    present = [number for number in range(1, len(lesions.ids) + 1) if (labels == number).any()]
    algorithm = highdicom.AlgorithmIdentificationSequence(
        name="liverlab truth mask",
        family=highdicom.sr.CodedConcept("TRUTH", "99LIVERLAB", "Truth of a simulation"),
        version=liverlab.__version__,
    )
    described = [
        highdicom.seg.SegmentDescription(
            segment_number=segment,
            segment_label=f"Lesion {series.lesion_labels.get(lesions.ids[number - 1], lesions.ids[number - 1])}",
            segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
            segmented_property_type=codes.SCT.NeoplasmSecondary,
            algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
            algorithm_identification=algorithm,
            tracking_id=lesions.ids[number - 1],
            tracking_uid=study.uid("lesion", lesions.ids[number - 1]),  # the same lesion at every visit
            anatomic_regions=[codes.SCT.Liver],
        )
        for segment, number in enumerate(present, 1)
    ]
    masks = highdicom.seg.Segmentation(
        source_images=images,
        pixel_array=np.stack([labels == number for number in present], axis=-1).astype(np.uint8),
        segmentation_type=highdicom.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=described,
        series_instance_uid=study.uid("series", place, "lesions"),
        series_number=1000 + place + 1,
        sop_instance_uid=study.uid("series", place, "lesions", "masks"),
        instance_number=1,
        manufacturer="liverlab",
        manufacturer_model_name="liverlab simulator",
        software_versions=liverlab.__version__,
        device_serial_number="SIMULATED",
        content_label="LESIONS",
        content_description="Lesions as the simulation has them",
        series_description=_short(f"Lesions (truth), {series.description}"),
    )
    # highdicom writes the present moment and a random identifier: the same study shall make the same files.
    masks.ContentDate = masks.SeriesDate = masks.InstanceCreationDate = _date(series.day)
    masks.ContentTime = masks.SeriesTime = masks.InstanceCreationTime = _TIME
    for item in masks.get("ContributingEquipmentSequence", ()):
        item.ContributionDateTime = _date(series.day) + _TIME
    for item in (*masks.DimensionOrganizationSequence, *masks.DimensionIndexSequence):
        item.DimensionOrganizationUID = study.uid("series", place, "lesions", "dimensions")
    return masks


def _date(day: float) -> str:
    return (_DAY_ZERO + datetime.timedelta(days=round(day))).strftime("%Y%m%d")


def _short(text: str) -> str:
    """A long string (LO) of DICOM holds 64 letters and no backslash."""
    return text.replace("\\", "/")[:64]


def _decimal(value: float) -> str:
    """A decimal string (DS) of DICOM holds 16 letters."""
    return f"{float(value):.9g}"
