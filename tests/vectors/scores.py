"""Clinical scores.

Section 7 of the dossier, published patients with infiltrated livers (sections 6.1 to 6.3), and the cases of two
calculators that agree with each other.
"""

import csv

from liverlab.reading import scores

from . import REFERENCE, Vector


def _rows(name):
    with (REFERENCE / "scores_recist" / name).open() as file:
        return list(csv.DictReader(file))


def _thirty(column, score):
    """How many of the 30 reference cases a score agrees with: "30 of 30 agree"."""
    rows = _rows("score_reference_cases_dev30.csv")
    agree = sum(str(score(row)) == row[column] for row in rows)
    return f"{agree} of {len(rows)} agree"


def _labs(row):
    """Bilirubin, creatinine, INR of a reference case."""
    return tuple(float(row[key]) for key in ("bilirubin_mg_dl", "creatinine_mg_dl", "inr"))


def _sodium(row):
    return float(row["sodium_mmol_l"])


def _meld3_of(row):
    return scores.meld3(*_labs(row), _sodium(row), float(row["albumin_g_dl"]), row["sex"] == "F").value


_ASCITES = {"none": 0, "mild": 1, "moderate-severe": 2}
_ENCEPHALOPATHY = {"none": 0, "grade1-to2": 1, "grade3-to4": 3}


def _child_pugh_of(row):
    bilirubin, _, inr = _labs(row)
    albumin = float(row["albumin_g_dl"])
    return scores.child_pugh(bilirubin, albumin, inr, _ASCITES[row["ascites"]], _ENCEPHALOPATHY[row["encephalopathy"]])


def _albi_of(row):
    return scores.albi(17.1 * float(row["bilirubin_mg_dl"]), 10 * float(row["albumin_g_dl"]))


def _fib4_cases():
    rows = _rows("fib4_reference_cases.csv")
    agree = 0
    for row in rows:
        found = scores.fib4(*(float(row[key]) for key in ("age", "ast_u_l", "alt_u_l", "platelets_1e9_l")))
        agree += abs(found.raw - float(row["FIB4_exact"])) < 6e-5 and found.grade == row["risk"]
    return f"{agree} of {len(rows)} agree"


def _meld3(id_, inputs, whole, raw, source="vectors of a public implementation", **more):
    sex, creatinine, bilirubin, inr, na, albumin = inputs
    what = f"MELD 3.0, {sex}, bilirubin {bilirubin:g}, creatinine {creatinine:g}, INR {inr:g}, Na {na}"
    what += f", albumin {albumin:g}{', dialysis' if more else ''}"

    def found():
        return scores.meld3(bilirubin, creatinine, inr, na, albumin, sex == "F", **more)

    return [
        Vector(f"S-{id_}", f"{what}: points", whole, source, lambda: found().value),
        Vector(f"S-{id_} raw", f"{what}: unrounded", raw, source, lambda: float(found().raw), 6e-4),
    ]


def _albi(bilirubin, albumin, value, grade):
    id_ = f"S-ALBI {bilirubin:g}/{albumin:g}"
    what = f"ALBI, bilirubin {bilirubin:g} µmol/L, albumin {albumin:g} g/L"
    return [
        Vector(id_, what, value, "Johnson 2015, computed", lambda: scores.albi(bilirubin, albumin).raw, 6e-5),
        Vector(f"{id_} grade", f"{what}: grade", grade, "Johnson 2015", lambda: scores.albi(bilirubin, albumin).grade),
    ]


_NA = (2.0, 2.0, 1.8, 131.0)

# Patients whose liver was full of tumour: ALT, its upper limit, ALP, its upper limit; R as computed from the reports.
_INFILTRATED = {
    "TR1": ((403, 40, 439, 120), 2.75, "small cell cancer, case of 65 years"),
    "TR2": ((350, 40, 368, 120), 2.85, "small cell cancer, case of 61 years"),
    "TR4 first": ((63, 40, 198, 120), 0.95, "breast cancer, Oncol Lett 2013"),
    "TR4 last": ((114, 40, 845, 120), 0.40, "breast cancer, Oncol Lett 2013"),
    "TR5 first": ((40, 35, 269, 120), 0.51, "unknown primary, case of 95 years"),
    "TR5 necrosis": ((558, 35, 445, 120), 4.30, "the same with ischaemic necrosis"),
    "TR6": ((79, 52, 260, 140), 0.82, "small cell cancer, Arif 2018"),
    "32 patients": ((183, 40, 642, 120), 0.86, "means of breast cancer, Mogrovejo 2014"),
}
# Bilirubin (mg/dL) and INR; creatinine was not given and is taken as 1.0.
_FAILING = {"TR5 first": (3.0, 1.4, 14.4), "TR5 last": (5.3, 2.5, 23.0), "TR6": (3.8, 1.7, 17.4)}

VECTORS = [
    Vector("S-MELD", "MELD, INR 2, bilirubin 54 µmol/L, creatinine 170 µmol/L: unrounded", 24.798, "transplantr test",
           lambda: scores.meld(54 / 17.1, 170 / 88.4, 2.0).raw, 0.002),
    Vector("S-MELD-Na a", "MELD-Na of the OPTN 2016, INR 1.8, bilirubin 2, creatinine 2, Na 131: unrounded", 25.778,
           "computed: OPTN policy 9.1", lambda: scores.meld_na(*_NA, formula="unos2016").raw, 6e-4),
    Vector("S-MELD-Na b", "MELD-Na of Kim 2008, the same patient: unrounded", 26.257, "transplantr test",
           lambda: scores.meld_na(*_NA, formula="kim2008").raw, 6e-4),
    Vector("S-MELD-Na 0", "MELD without sodium, the same patient: unrounded", 22.267, "transplantr test",
           lambda: scores.meld(*_NA[:3]).raw, 6e-4),
    *(Vector(f"S-mortality {m}", f"MELD {m}: mortality within 3 months, %", pct, "Wiesner 2003, secondary",
             lambda m=m: scores.meld_mortality_3m_pct(m))
      for m, pct in ((9, 1.9), (19, 6.0), (29, 19.6), (39, 52.6), (40, 71.3))),
    Vector("S-MELD3-1", "MELD 3.0, M bilirubin 0.8, creatinine 0.8, INR 1, Na 140, albumin 4: points", 6,
           "vectors of a public implementation", lambda: scores.meld3(0.8, 0.8, 1, 140, 4, False).value),
    *_meld3("MELD3-2", ("F", 1.0, 1.5, 1.2, 135, 3.0), 13, 13.207),
    *_meld3("MELD3-3", ("M", 1.0, 1.5, 1.2, 135, 3.0), 12, 11.877),
    *_meld3("MELD3-4", ("M", 1.0, 2.0, 1.5, 137, 1.8), 16, 15.991),
    *_meld3("MELD3-5", ("F", 2.5, 10.0, 2.2, 128, 2.8), 38, 37.732),
    *_meld3("MELD3-6", ("M", 2.5, 10.0, 2.2, 128, 2.8), 36, 36.402),
    # The source gives the answer; these inputs are the plain ones that lead to it.
    *_meld3("MELD3-7", ("M", 1.0, 2.0, 1.5, 137, 3.5), 25, 25.085, dialysis=True),
    *_albi(10, 40, -2.7400, 1),
    *_albi(17.1, 40, -2.5862, 2),
    *_albi(34.2, 35, -1.9625, 2),
    *_albi(34.2, 28, -1.3675, 3),
    *_albi(171, 25, -0.6512, 3),
    Vector("S-R", "R factor, ALT 204/40, ALP 236/120", 2.59, "computed: definition (a page prints 2.4)",
           lambda: scores.r_factor(204, 40, 236, 120).raw, 0.005),
    Vector("S-R pattern", "its pattern", "mixed", "Benichou 1990", lambda: scores.r_factor(204, 40, 236, 120).grade),
    *(Vector(f"S-R {name}", f"R factor, ALT {inputs[0]}/{inputs[1]}, ALP {inputs[2]}/{inputs[3]}", value, source,
             lambda inputs=inputs: scores.r_factor(*inputs).raw, 0.006)
      for name, (inputs, value, source) in _INFILTRATED.items()),
    *(Vector(f"S-LDH {grade}", f"LDH over ALT of {mean}, the published mean", grade, "McGuire 1997",
             lambda mean=mean: scores.ldh_over_alt(250 * 5 * mean, 250, 40 * 5, 40).grade)
      for mean, grade in ((3.63, "tumour"), (0.46, "other"))),
    *(Vector(f"S-MELD {name}", f"MELD, bilirubin {bilirubin}, INR {inr}, creatinine taken as 1: unrounded", value,
             "computed from the report", lambda b=bilirubin, i=inr: scores.meld(b, 1.0, i).raw, 0.06)
      for name, (bilirubin, inr, value) in _FAILING.items()),
    Vector("S-FIB4 a", "FIB-4, 65 years, AST 80, ALT 60, platelets 120", 5.594, "computed: Sterling 2006",
           lambda: scores.fib4(65, 80, 60, 120).raw, 6e-4),
    Vector("S-FIB4 b", "FIB-4, 47 years, AST 54, ALT 77, platelets 200", 1.446, "computed: Sterling 2006",
           lambda: scores.fib4(47, 54, 77, 200).raw, 6e-4),
    Vector("S-APRI a", "APRI, AST 160/40, platelets 75", 5.333, "transplantr test",
           lambda: scores.apri(160, 40, 75).raw, 6e-4),
    Vector("S-APRI b", "APRI, AST 38/40, platelets 150", 0.633, "transplantr test",
           lambda: scores.apri(38, 40, 150).raw, 6e-4),
    Vector("S-30 MELD", "MELD, 30 cases", "30 of 30 agree", "clincalc and a SAS macro",
           lambda: _thirty("MELD_clincalc", lambda row: scores.meld(*_labs(row)).value), reference=True),
    Vector("S-30 MELD-Na", "MELD-Na of 2016, 30 cases", "30 of 30 agree", "a SAS macro",
           lambda: _thirty("MELDNa_sas", lambda row: scores.meld_na(*_labs(row), _sodium(row)).value),
           reference=True),
    Vector("S-30 MELD 3.0", "MELD 3.0, 30 cases", "30 of 30 agree", "clincalc and a SAS macro",
           lambda: _thirty("MELD3_clincalc", _meld3_of), reference=True),
    Vector("S-30 Child-Pugh", "Child-Pugh points, 30 cases", "30 of 30 agree", "clincalc",
           lambda: _thirty("ChildPugh_points_clincalc", lambda row: _child_pugh_of(row).value), reference=True),
    Vector("S-30 Child-Pugh class", "Child-Pugh class, 30 cases", "30 of 30 agree", "clincalc",
           lambda: _thirty("ChildPugh_class_clincalc", lambda row: _child_pugh_of(row).grade), reference=True),
    Vector("S-30 ALBI value", "ALBI to four decimals, 30 cases", "30 of 30 agree", "Johnson 2015, computed elsewhere",
           lambda: _thirty("ALBI_johnson2015", lambda row: round(_albi_of(row).raw, 4)), reference=True),
    Vector("S-30 ALBI", "ALBI grade, 30 cases", "30 of 30 agree", "Johnson 2015, computed elsewhere",
           lambda: _thirty("ALBI_grade", lambda row: _albi_of(row).grade), reference=True),
    Vector("S-8 FIB-4", "FIB-4 and its class, 8 cases", "8 of 8 agree", "clincalc", _fib4_cases, reference=True),
]  # fmt: skip
