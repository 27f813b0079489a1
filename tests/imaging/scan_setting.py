"""HU of the tissues in two phases and a protocol, as the prototype of PHANTOM section 5 used them; for tests only."""

from types import SimpleNamespace

_SAME = {
    "air": -1000, "lung": -850, "fat": -103, "subcutaneous_fat": -95, "skin": 10, "muscle": 58, "bone_cortex": 600,
    "bone_trabecular": 150, "cartilage": 120, "disc": 80, "spinal_canal": 25, "stomach_wall": 85, "stomach_content": 30,
    "bowel_wall": 80, "bowel_content": 35, "gas": -950, "bile": 5, "table": 500, "adrenal": 80, "ascites": 8,
}  # fmt: skip
PORTAL = {
    **_SAME, "liver": 103, "spleen": 118, "kidney_cortex": 185, "kidney_medulla": 150, "pancreas": 95, "aorta": 155,
    "portal_vein": 165, "hepatic_vein": 152, "ivc": 128, "splenic_vein": 160, "hepatic_artery": 155,
}  # fmt: skip
ARTERIAL = {
    **_SAME, "liver": 72, "spleen": 118, "kidney_cortex": 200, "kidney_medulla": 70, "pancreas": 105, "aorta": 295,
    "portal_vein": 112, "hepatic_vein": 60, "ivc": 85, "splenic_vein": 115, "hepatic_artery": 290,
    "spleen_moire_hu": 26,
}  # fmt: skip


def protocol(**changes):
    """A stand-in for imaging.protocol.Protocol with the fields the picture reads."""
    fields = {"kvp": 120.0, "dose_pct": 100.0, "slice_mm": 3.0, "weight_kg": 70.0, "noise_hu": 12.0, "delay_s": 70.0,
              "kernel_sharpness_pct": 0.0}  # fmt: skip
    return SimpleNamespace(**{**fields, **changes})
