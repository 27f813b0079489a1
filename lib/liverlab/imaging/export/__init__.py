"""A whole study as files for other programs: DICOM (`dicom.write`, extra [dicom]) and NIfTI (`nifti.write`)."""
