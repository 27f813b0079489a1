"""What the laboratory returns, day by day: the result of `liver_function.simulate`."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

UMOL_PER_MG_BILIRUBIN_DL = 17.1
# Ammonia in umol/L from which encephalopathy of grade 1, 2, 3, 4 is shown (illustrative: patients differ widely, and
# infection, kidneys and drugs matter as much).
ENCEPHALOPATHY_UMOL_L = (60.0, 80.0, 110.0, 150.0)


@dataclass(frozen=True, eq=False)
class Labs:
    """Laboratory values on the days (T,); every other field (..., T), units as the names say.

    The three bilirubin pools add up to bilirubin_umol_l; a "direct" bilirubin measures the conjugated and the delta
    pool (bound to albumin for good). functional_mass_pct: hepatocytes that live and are reached by blood, relative to
    a normal liver; living_mass_pct: those that live.
    """

    days: np.ndarray
    alt_u_l: np.ndarray
    ast_u_l: np.ndarray
    alp_u_l: np.ndarray
    ggt_u_l: np.ndarray
    ldh_u_l: np.ndarray
    bilirubin_unconjugated_umol_l: np.ndarray
    bilirubin_conjugated_umol_l: np.ndarray
    bilirubin_delta_umol_l: np.ndarray
    albumin_g_l: np.ndarray
    factor_vii_pct: np.ndarray
    inr: np.ndarray
    ammonia_umol_l: np.ndarray
    lactate_mmol_l: np.ndarray
    uric_acid_umol_l: np.ndarray
    platelets_1e9_l: np.ndarray
    creatinine_umol_l: np.ndarray
    living_mass_pct: np.ndarray
    functional_mass_pct: np.ndarray

    @property
    def bilirubin_umol_l(self) -> np.ndarray:
        """Total bilirubin in umol/L."""
        return self.bilirubin_unconjugated_umol_l + self.bilirubin_conjugated_umol_l + self.bilirubin_delta_umol_l

    @property
    def bilirubin_mg_dl(self) -> np.ndarray:
        """Total bilirubin in mg/dL."""
        return self.bilirubin_umol_l / UMOL_PER_MG_BILIRUBIN_DL

    @property
    def encephalopathy_grade(self) -> np.ndarray:
        """0 to 4, from ammonia alone (illustrative)."""
        return np.searchsorted(ENCEPHALOPATHY_UMOL_L, self.ammonia_umol_l, side="right")

    def some(self, which: np.ndarray) -> Labs:
        """The same on some of the days, given by their indices."""
        return Labs(**{field.name: getattr(self, field.name)[..., which] for field in fields(self)})
