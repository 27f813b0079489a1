"""Clinical scores of the liver, exactly as published: what the numbers say, not what they mean for this patient.

Every function takes scalars or arrays that broadcast and returns a `Score`. Impossible values are refused with a
sentence that names the likely unit. The MELD family is in `scores_meld` and can be called from here too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .codes import coded
from .score_inputs import Score, labs, plain, truth
from .scores_meld import meld, meld3, meld_mortality_3m_pct, meld_na

__all__ = [
    "ASCITES", "Score", "albi", "apri", "child_pugh", "fib4", "hys_law", "kings_college", "ldh_over_alt", "meld",
    "meld3", "meld_mortality_3m_pct", "meld_na", "r_factor",
]  # fmt: skip

ASCITES = ("none", "mild", "moderate-severe")


def child_pugh(bilirubin_mg_dl: Any, albumin_g_dl: Any, inr: Any, ascites: Any, encephalopathy: Any) -> Score:
    """Child-Pugh points 5 to 15; grade A (5-6), B (7-9), C (10-15).

    1, 2 or 3 points each: bilirubin below 2, to 3, above 3 mg/dL; albumin above 3.5, to 2.8, below 2.8 g/dL; INR below
    1.7, to 2.3, above 2.3; ascites: a word of ASCITES or its place (0, 1, 2); encephalopathy: West Haven grade 0, 1-2,
    3-4. Raises ValueError for impossible values.
    Source: Pugh et al., Br J Surg 1973;60:646-9, with INR for prothrombin time.
    """
    notes: list[str] = []
    bilirubin, albumin, inr = labs(notes, bilirubin_mg_dl=bilirubin_mg_dl, albumin_g_dl=albumin_g_dl, inr=inr)
    grade = _encephalopathy("encephalopathy", encephalopathy)
    fluid = coded(ascites, "ascites", ASCITES, np.shape(ascites))
    total = (
        1 + (bilirubin >= 2) + (bilirubin > 3)
        + 1 + (albumin <= 3.5) + (albumin < 2.8)
        + 1 + (inr >= 1.7) + (inr > 2.3)
        + 1 + fluid.astype(int)
        + 1 + (grade >= 1) + (grade >= 3)
    )  # fmt: skip
    return Score(plain(total), plain(total), tuple(notes), plain(np.array(["A", "B", "C"])[_band(total, (7, 10))]))


def albi(bilirubin_umol_l: Any, albumin_g_l: Any) -> Score:
    """ALBI = 0.66 log10(bilirubin) - 0.085 albumin; grade 1 up to -2.60, 2 up to -1.39, 3 above.

    bilirubin in µmol/L, albumin in g/L. Source: Johnson et al., J Clin Oncol 2015;33:550-8.
    """
    notes: list[str] = []
    bilirubin, albumin = labs(notes, bilirubin_umol_l=bilirubin_umol_l, albumin_g_l=albumin_g_l)
    raw = 0.66 * np.log10(bilirubin) - 0.085 * albumin
    grade = 1 + (raw > -2.60) + (raw > -1.39)
    return Score(plain(raw), plain(raw), tuple(notes), plain(grade))


def fib4(age_y: Any, ast_u_l: Any, alt_u_l: Any, platelets_1e9_l: Any) -> Score:
    """FIB-4 = age AST / (platelets sqrt(ALT)); grade low (below 1.3), indeterminate, high (above 2.67).

    age in years, enzymes in U/L, platelets in 10^9/L. Cut-offs differ between papers (1.3-1.45 and 2.67-3.25).
    Source: Sterling et al., Hepatology 2006;43:1317-25.
    """
    notes = ["Made for fibrosis of chronic liver disease: metastases move AST and platelets for other reasons."]
    age, ast, alt, platelets = labs(
        notes, age_y=age_y, ast_u_l=ast_u_l, alt_u_l=alt_u_l, platelets_1e9_l=platelets_1e9_l
    )
    if (age < 35).any() or (age > 65).any():
        notes.append("Below 35 and above 65 years the cut-offs misclassify more patients.")
    raw = age * ast / (platelets * np.sqrt(alt))
    names = np.array(["low", "indeterminate", "high"])
    return Score(plain(raw), plain(raw), tuple(notes), plain(names[0 + (raw >= 1.3) + (raw > 2.67)]))


def apri(ast_u_l: Any, ast_uln_u_l: Any, platelets_1e9_l: Any) -> Score:
    """APRI = 100 (AST / upper limit of normal) / platelets; grade low (up to 0.5), indeterminate, high (above 1.5).

    AST and its upper limit in U/L, platelets in 10^9/L. Source: Wai et al., Hepatology 2003;38:518-26.
    """
    notes: list[str] = []
    ast, limit, platelets = labs(notes, ast_u_l=ast_u_l, ast_uln_u_l=ast_uln_u_l, platelets_1e9_l=platelets_1e9_l)
    raw = 100.0 * ast / limit / platelets
    names = np.array(["low", "indeterminate", "high"])
    return Score(plain(raw), plain(raw), tuple(notes), plain(names[0 + (raw > 0.5) + (raw > 1.5)]))


def r_factor(alt_u_l: Any, alt_uln_u_l: Any, alp_u_l: Any, alp_uln_u_l: Any) -> Score:
    """R = (ALT / its upper limit) / (ALP / its upper limit); grade hepatocellular (5 or more), cholestatic (2 or less).

    All in U/L; in between the pattern is mixed. Source: Benichou, J Hepatol 1990;11:272-6.
    """
    notes: list[str] = []
    alt, alt_uln, alp, alp_uln = labs(
        notes, alt_u_l=alt_u_l, alt_uln_u_l=alt_uln_u_l, alp_u_l=alp_u_l, alp_uln_u_l=alp_uln_u_l
    )
    raw = (alt / alt_uln) / (alp / alp_uln)
    names = np.array(["cholestatic", "mixed", "hepatocellular"])
    return Score(plain(raw), plain(raw), tuple(notes), plain(names[0 + (raw > 2) + (raw >= 5)]))


def ldh_over_alt(ldh_u_l: Any, ldh_uln_u_l: Any, alt_u_l: Any, alt_uln_u_l: Any) -> Score:
    """LDH / ALT, both in multiples of their upper limits; all four in U/L.

    In acute liver failure 3.63 +- 1.10 with small cell cancer (a handful of patients), 0.46 +- 0.18 with other causes.
    grade tumour (2.53 or more, one standard deviation below the first mean), other (0.64 or less, one above the second)
    or between. Source: McGuire et al., Mayo Clin Proc 1997;72:133.
    """
    notes = ["Measured in a handful of patients; haemolysis, muscle and ischaemia raise LDH too."]
    ldh, ldh_uln, alt, alt_uln = labs(
        notes, ldh_u_l=ldh_u_l, ldh_uln_u_l=ldh_uln_u_l, alt_u_l=alt_u_l, alt_uln_u_l=alt_uln_u_l
    )
    raw = (ldh / ldh_uln) / (alt / alt_uln)
    names = np.array(["other", "between", "tumour"])
    return Score(plain(raw), plain(raw), tuple(notes), plain(names[0 + (raw > 0.64) + (raw >= 2.53)]))


def hys_law(
    alt_u_l: Any,
    ast_u_l: Any,
    alp_u_l: Any,
    bilirubin_mg_dl: Any,
    alt_uln_u_l: Any = 40.0,
    ast_uln_u_l: Any = 40.0,
    alp_uln_u_l: Any = 120.0,
    bilirubin_uln_mg_dl: Any = 1.2,
    other_cause: Any = False,
) -> Score:
    """Hy's law: ALT or AST at least 3 and bilirubin above 2 times the upper limit, ALP below 2 times, no other cause.

    value True or False; raw the number of the four conditions that hold. The upper limits are those of the laboratory;
    the defaults are common ones. other_cause: something else explains it, as liver metastases often do.
    Source: Temple, Pharmacoepidemiol Drug Saf 2006;15:241-3; FDA guidance on drug-induced liver injury, 2009.
    """
    notes: list[str] = []
    alt, ast, alp, bilirubin = labs(
        notes, alt_u_l=alt_u_l, ast_u_l=ast_u_l, alp_u_l=alp_u_l, bilirubin_mg_dl=bilirubin_mg_dl
    )
    alt_uln, ast_uln, alp_uln, bilirubin_uln = labs(
        notes,
        alt_uln_u_l=alt_uln_u_l,
        ast_uln_u_l=ast_uln_u_l,
        alp_uln_u_l=alp_uln_u_l,
        bilirubin_uln_mg_dl=bilirubin_uln_mg_dl,
    )
    conditions = np.broadcast_arrays(
        (alt >= 3 * alt_uln) | (ast >= 3 * ast_uln),
        bilirubin > 2 * bilirubin_uln,
        alp < 2 * alp_uln,
        ~truth("other_cause", other_cause),
    )
    met = np.sum(conditions, axis=0)
    notes.append("The rule is for drug injury: viral, ischaemic and biliary causes and tumour have to be ruled out.")
    return Score(plain(met == 4), plain(met), tuple(notes))


def kings_college(
    paracetamol: bool,
    inr: Any,
    *,
    arterial_ph: Any = None,
    creatinine_umol_l: Any = None,
    encephalopathy_grade: Any = None,
    lactate_early_mmol_l: Any = None,
    lactate_late_mmol_l: Any = None,
    age_y: Any = None,
    bilirubin_umol_l: Any = None,
    jaundice_to_encephalopathy_d: Any = None,
    unfavourable_cause: Any = None,
) -> Score:
    """King's College criteria for transplantation in acute liver failure; value True where they are met.

    paracetamol True: arterial pH below 7.30, or INR above 6.5 with creatinine above 300 µmol/L and encephalopathy grade
    III-IV; lactate, if given: above 3.5 mmol/L early, or above 3.0 after fluid. raw: how many of these ways are met.
    paracetamol False: INR above 6.5, or three of: age under 10 or over 40, unfavourable cause (non-A non-B hepatitis,
    drug), more than 7 days from jaundice to encephalopathy, INR above 3.5, bilirubin above 300 µmol/L. raw: how many of
    the five. Raises ValueError if a value that the chosen list needs is missing.
    Source: O'Grady et al., Gastroenterology 1989;97:439-45; lactate: Bernal et al., Lancet 2002;359:558-63.
    """
    if truth("paracetamol", paracetamol).ndim:
        raise ValueError("paracetamol has a shape; it must be one True or False, for the two lists need other values.")
    notes: list[str] = []
    if paracetamol:
        _given(arterial_ph=arterial_ph, creatinine_umol_l=creatinine_umol_l, encephalopathy_grade=encephalopathy_grade)
        inr, ph, creatinine = labs(notes, inr=inr, arterial_ph=arterial_ph, creatinine_umol_l=creatinine_umol_l)
        coma = _encephalopathy("encephalopathy_grade", encephalopathy_grade) >= 3
        ways = [ph < 7.30, (inr > 6.5) & (creatinine > 300) & coma]
        for name, lactate, limit in (
            ("lactate_early_mmol_l", lactate_early_mmol_l, 3.5),
            ("lactate_late_mmol_l", lactate_late_mmol_l, 3.0),
        ):
            if lactate is not None:
                ways.append(labs(notes, **{name: lactate})[0] > limit)
        met = np.sum(np.broadcast_arrays(*ways), axis=0)
        answer = met >= 1
    else:
        _given(
            age_y=age_y,
            bilirubin_umol_l=bilirubin_umol_l,
            jaundice_to_encephalopathy_d=jaundice_to_encephalopathy_d,
            unfavourable_cause=unfavourable_cause,
        )
        inr, age, bilirubin, interval = labs(
            notes,
            inr=inr,
            age_y=age_y,
            bilirubin_umol_l=bilirubin_umol_l,
            jaundice_to_encephalopathy_d=jaundice_to_encephalopathy_d,
        )
        five = np.broadcast_arrays(
            (age < 10) | (age > 40),
            truth("unfavourable_cause", unfavourable_cause),
            interval > 7,
            inr > 3.5,
            bilirubin > 300,
        )
        met = np.sum(five, axis=0)
        answer = (inr > 6.5) | (met >= 3)
    notes.append("Metastatic cancer excludes transplantation: here the criteria only grade the failure.")
    return Score(plain(answer), plain(met), tuple(notes))


def _given(**values: Any) -> None:
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise ValueError(f"{missing[0]} is missing; this list of criteria needs {', '.join(values)}.")


def _encephalopathy(name: str, value: Any) -> np.ndarray:
    grade = np.asarray(value)
    if grade.dtype.kind not in "iuf" or not np.isin(grade, range(5)).all():
        raise ValueError(f"{name} is {value!r}; it must be a West Haven grade, 0 to 4.")
    return grade.astype(int)


def _band(value: np.ndarray, starts: tuple[int, ...]) -> np.ndarray:
    return np.searchsorted(starts, value, side="right")
