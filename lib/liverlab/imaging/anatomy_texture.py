"""Fine structure of tissues beyond noise, in HU about the tissue's mean: fixed in the body, independent of the phase.

Sizes and amplitudes: PHANTOM 3.4 (measured on one scan), suggestions there where nothing was measured.
"""

from types import SimpleNamespace

import numpy as np

from liverlab.imaging.anatomy_waves import Waves

_BACK_X_MM, _BACK_Y_MM = 78.0, 32.0  # where the erector muscles lie
_MISTY = (56.0, -52.0), (72.0, 60.0)  # centre and reach (mm) of the misty fat in the plane [by eye]


class Textures:
    """Texture functions {tissue: f(box, z_mm) -> HU} of one patient."""

    def __init__(self, seed):
        def waves(number, **form):
            return Waves((seed, 40 + number), **form)

        liver_fine, liver_slow = waves(1, sigma_mm=1.8, z_mm=6.0, count=64), waves(2, sigma_mm=5.0, z_mm=6.0)
        bone_fine, bone_slow = waves(3, sigma_mm=1.1, z_mm=2.0, count=64), waves(4, sigma_mm=6.0)
        marbling, septa = waves(5, sigma_mm=1.5, z_mm=8.0, count=64), waves(6, sigma_mm=2.6, z_mm=12.0, count=48)
        fat_fine, shading = waves(7, sigma_mm=2.6, z_mm=8.0, count=48), waves(8, sigma_mm=25.0)
        patches, blobs = waves(9, sigma_mm=12.0), waves(10, sigma_mm=2.8, z_mm=5.0, count=48)
        lung = waves(11, sigma_mm=1.6, z_mm=4.0, count=64)
        bands, drift = waves(12, wavelength_mm=26.0, z_mm=40.0), waves(13, wavelength_mm=60.0)

        def parenchyma(box, z):
            return 2.2 * liver_fine.on(box, z) + 1.1 * liver_slow.on(box, z)

        def trabeculae(box, z):
            return 38 * bone_fine.on(box, z) + 20 * bone_slow.on(box, z)

        def muscle(box, z):
            grain = septa.on(box, z)
            plain = 4 + 8 * marbling.on(box, z) - 34 * np.maximum(0, 1 - 4 * np.abs(grain)) * (patches.on(box, z) > 0.1)
            # the muscles of the back are streaked with fat along their bundles
            back = np.clip((box.y - _BACK_Y_MM) / 8, 0, 1) * np.clip((_BACK_X_MM - np.abs(box.x)) / 10, 0, 1)
            bundles = SimpleNamespace(x=0.95 * box.x, y=0.42 * box.y)
            streak = np.maximum(0, 1 - 2.1 * np.abs(septa.on(bundles, z + 60))) ** 2
            return plain + back * (2 - 70 * streak * np.clip(0.6 + 0.8 * patches.on(box, z + 30), 0, 1.4))

        def subcutaneous(box, z):
            strand = np.maximum(0, 1 - 2.2 * np.abs(fat_fine.on(box, z))) ** 2
            where = np.clip(patches.on(box, z) - 0.3, 0, 1)
            return 6 * shading.on(box, z) + 34 * strand * where - 2

        def fat(box, z):
            strand = np.maximum(0, 1 - 1.8 * np.abs(fat_fine.on(box, z))) ** 2
            where = np.clip(patches.on(box, z) + 0.4, 0, 1)
            # vessels and folds too small to draw make the fat of omentum and mesentery misty
            (cx, cy), (a, b) = _MISTY
            inner = np.exp(-((((box.x - cx) / a) ** 2 + ((box.y - cy) / b) ** 2) ** 2))
            misty = inner * (16 + 18 * np.clip(blobs.on(box, z), -1, 2) * np.clip(0.6 + 0.5 * patches.on(box, z), 0, 1))
            return 5 * shading.on(box, z) + 26 * strand * where * (1 + inner) + 3 * blobs.on(box, z) - 4 + misty

        def contents(box, z):
            return 20 * blobs.on(box, z) + 8 * bone_slow.on(box, z)

        def lobules(box, z):
            return 6 - 40 * np.maximum(0, 1 - 2.2 * np.abs(fat_fine.on(box, z))) * np.clip(septa.on(box, z) + 0.3, 0, 1)

        def airways(box, z):
            grain = lung.on(box, z)
            return 18 * grain + 420 * np.clip(grain - 2.0, 0, 1.2) + 25 * shading.on(box, z)

        self.of = {
            "liver": parenchyma,
            "spleen": parenchyma,
            "bone_trabecular": trabeculae,
            "bone_cortex": lambda box, z: 70 * bone_fine.on(box, z),
            "cartilage": lambda box, z: 22 * bone_slow.on(box, z),
            "disc": lambda box, z: 8 * blobs.on(box, z),
            "muscle": muscle,
            "subcutaneous_fat": subcutaneous,
            "fat": fat,
            "stomach_content": contents,
            "bowel_content": contents,
            "stomach_wall": lambda box, z: 7 * blobs.on(box, z),
            "bowel_wall": lambda box, z: 8 * blobs.on(box, z),
            "pancreas": lobules,
            "kidney_cortex": parenchyma,
            "lung": airways,
        }

        def moire(box, z):
            # winding bands about 12 mm apart across the spleen, uneven in strength, of roughly unit SD
            phase = 0.33 * box.x - 0.27 * box.y + 2.4 * bands.on(box, z)
            return 1.3 * np.sin(phase + 0.05 * z) * np.clip(0.9 + 0.4 * drift.on(box, z), 0.2, 1.6)

        self.moire = moire
