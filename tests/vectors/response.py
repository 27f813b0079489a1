"""Response criteria.

Vectors RC1 to RC7 and T6 of the dossier, rules of the other criteria, and the boundary cases of pyrecist.
"""

import csv

import numpy as np

from liverlab.reading import (
    choi,
    chun,
    codes,
    easl,
    irecist,
    mass,
    modified_choi,
    mrecist,
    percist,
    recist,
    targets,
    visibility,
    who,
)

from . import REFERENCE, Vector


def _words(answer, labels=codes.RESPONSE_LABELS):
    return " ".join(codes.label(code, labels) for code in answer.overall[1:])


def _recist(*sums, **options):
    return _words(recist.time_points(np.array(sums, float), **options))


def _last_change(*sums):
    rows = [{"visit": k, "day": k, "lesion": "T", "diameter_mm": size} for k, size in enumerate(sums)]
    return recist.assess_rows(rows)[-1]["change_from_baseline"]


def _counts(overall, *calls):
    return " ".join(str(int((overall[:, 1] == call).sum())) for call in calls)


# Choi 2007: 40 patients, 33 good responders on PET; sizes and densities are ours, the counts are the paper's.
_GIST_MM = np.repeat([[55.0, 38], [55, 50], [55, 52], [55, 54]], [17, 15, 1, 7], axis=0)
_GIST_HU = np.repeat([[72.8, 70], [72.8, 58], [72.8, 66], [72.8, 71]], [17, 15, 1, 7], axis=0)
_GIST_GOOD = np.arange(40) < 33
# Sunitinib in GIST at 3 months, 51 patients: size and density after 100 and 100, and whether a new lesion is seen.
_SUNITINIB = np.repeat(
    [[65.0, 80, 0], [97, 80, 0], [101, 97, 0], [112, 97, 0], [125, 97, 0], [100, 97, 2]], [1, 15, 21, 1, 10, 3], axis=0
)


def _gist(criterion, good):
    calls = recist.time_points(_GIST_MM) if criterion == "RECIST" else choi.time_points(_GIST_MM, _GIST_HU)
    share = (calls.overall[:, 1] == codes.PR)[good == _GIST_GOOD]
    return round(100 * float(share.mean() if good else 1 - share.mean()))


def _sunitinib(criterion):
    before = np.full(51, 100.0)
    size, density = np.c_[before, _SUNITINIB[:, 0]], np.c_[before, _SUNITINIB[:, 1]]
    new = np.c_[np.zeros(51, int), _SUNITINIB[:, 2].astype(int)]
    answer = (
        recist.time_points(size, new_lesion=new)
        if criterion == "RECIST"
        else choi.time_points(size, density, new_lesion=new)
    )
    return _counts(answer.overall, codes.PR, codes.SD, codes.PD)


def _pyrecist_rows():
    with (REFERENCE / "scores_recist" / "pyrecist_synthetic_measurements.csv").open(newline="") as lines:
        table = list(csv.DictReader(lines))
    dates = sorted({row["study_date"] for row in table})
    return [
        {
            "visit": dates.index(row["study_date"]),
            "day": 91 * dates.index(row["study_date"]),
            "lesion": row["lesion_label_alias"],
            "organ": row["lesion_label_alias"],
            "role": row["lesion_category"],
            "diameter_mm": float(row["measurement"]),
        }
        for row in table
    ]


def _pyrecist_agrees():
    """Visits of the public evaluation on which sum, both changes and, where it gives one, the call are the same."""
    with (REFERENCE / "scores_recist" / "pyrecist_synthetic_evaluation.csv").open(newline="") as lines:
        expected = list(csv.DictReader(lines))
    same = 0
    for row, theirs in zip(recist.assess_rows(_pyrecist_rows())[1:], expected, strict=True):
        pairs = [
            (row["sum_mm"], theirs["current_burden"]),
            (row["change_from_baseline"], theirs["burden_percentual_variation_from_baseline"]),
            (row["change_from_nadir"], theirs["burden_percentual_variation_from_nadir"]),
        ]
        close = all(abs(ours - float(other)) < 1e-9 for ours, other in pairs)
        same += close and theirs["classification"] in ("", row["overall"])
    return same


def _hu_response(sizes, densities):
    sizes, densities = np.array(sizes, float), np.array(densities, float)
    answers = (
        choi.time_points(sizes, densities),
        modified_choi.time_points(sizes, densities),
        recist.time_points(sizes),
    )
    return " ".join(codes.label(answer.overall[1]) for answer in answers)


def _irecist(sums, days=None, **more):
    days = 42 * np.arange(len(sums)) if days is None else days
    return _words(irecist.time_points(np.array(sums, float), days, **more), irecist.LABELS)


def _percist(before, after, **more):
    return _words(percist.time_points(np.array([before, after], float), 2.0, 0.3, **more), percist.LABELS)


def _product(one, *squares):
    side = np.array([squares], float)
    return _words(one.time_points(side, np.full(side.shape, 10.0)))


def _score(lesion_hu):
    return visibility.detectability(lesion_hu - 106.0, 20.0, 12.0)


def _targets():
    lesions = [("A", 40, "liver"), ("B", 35, "liver"), ("C", 30, "liver"), ("D", 9.9, "lung"), ("E", 10, "lung")]
    chosen = [{"lesion": name, "diameter_mm": size, "organ": organ} for name, size, organ in lesions]
    chosen += [
        {"lesion": name, "diameter_mm": size, "node": True} for name, size in (("F", 15), ("G", 14.9), ("H", 9.9))
    ]
    return " ".join(row["lesion"] for row in targets.choose_targets(chosen) if row["role"] == "target")


_CHOI, _FAQ = "Choi 2007", "EORTC RECIST FAQ"
_FRAIL = "computed: FFCD 2000-05 in R's frailtypack (Ducreux 2011)"
_EISENHAUER, _SEYMOUR = "Eisenhauer 2009", "Seymour 2017"
VECTORS = [
    Vector("RC1 Choi sensitivity", "40 GIST patients, 33 respond on PET: Choi finds, %", 97, _CHOI,
           lambda: _gist("Choi", True)),
    Vector("RC1 Choi specificity", "of the 7 others Choi leaves alone, %", 100, _CHOI, lambda: _gist("Choi", False)),
    Vector("RC1 RECIST sensitivity", "of the 33 RECIST finds, %", 52, _CHOI, lambda: _gist("RECIST", True)),
    Vector("RC1 RECIST specificity", "of the 7 others RECIST leaves alone, %", 100, _CHOI,
           lambda: _gist("RECIST", False)),
    Vector("RC2 RECIST", "51 GIST patients on sunitinib at 3 months: PR, SD, PD", "1 37 13",
           "Ann Oncol 2011;22:1828-33", lambda: _sunitinib("RECIST")),
    Vector("RC2 Choi", "the same patients by Choi: PR, SD, PD", "16 21 14", "Ann Oncol 2011;22:1828-33",
           lambda: _sunitinib("Choi")),
    Vector("RC3", "sums 100, 70, 70, 80, 80, 80 mm: a response is kept", "PR PR PR PR PR", _FAQ,
           lambda: _recist(100, 70, 70, 80, 80, 80)),
    Vector("RC3 i", "the same by iRECIST", "iPR iPR iPR iPR iPR", _FAQ, lambda: _irecist([100, 70, 70, 80, 80, 80])),
    Vector("RC3 165", "sums 165, 63, 65 mm: continued response", "PR PR", _FAQ, lambda: _recist(165, 63, 65)),
    Vector("RC4", "sums 30, 24, 21, 25.2, 26 mm", "SD PR PR PD", "pyrecist test data",
           lambda: _recist(30, 24, 21, 25.2, 26)),
    Vector("RC4 public", "visits on which the public evaluation of 18 measurements and we agree, of 5", 5,
           "pyrecist test data", _pyrecist_agrees, reference=True),
    Vector("RC5a", "20, 12, 16 mm: +33 % but +4 mm", "PR PR", "computed: Eisenhauer's rule",
           lambda: _recist(20, 12, 16)),
    Vector("RC5b", "130, 110, 130 mm: +18 % above the nadir", "SD SD", "computed: Eisenhauer's rule",
           lambda: _recist(130, 110, 130)),
    Vector("RC6a", "60 mm, 80 HU to 58 mm, 66 HU: Choi, modified Choi, RECIST", "PR SD SD",
           "computed: the criteria's rules", lambda: _hu_response([60, 58], [80, 66])),
    Vector("RC6b", "60 mm, 80 HU to 66 mm, 60 HU: Choi, modified Choi, RECIST", "PR SD SD",
           "computed: the criteria's rules", lambda: _hu_response([60, 66], [80, 60])),
    Vector("RC7", "a lesion of 35 HU against one of 60 HU in liver of 106 HU: detectability, ratio", 71 / 46,
           "computed: -71 and -46 HU", lambda: float(_score(35.0) / _score(60.0)), 1e-12),
    Vector("T6 id 2", "sums 87, 32, 28, 28, 23, 46, 69 mm: PD while 47 % below baseline", "PR PR PR PR PD PD", _FRAIL,
           lambda: _recist(87, 32, 28, 28, 23, 46, 69)),
    Vector("T6 id 2 change", "the same at the PD: change from baseline, %", -47.1, _FRAIL,
           lambda: _last_change(87, 32, 28, 28, 23, 46), 0.05),
    Vector("T6 id 1", "sums 232, 172, 180, 175 mm", "SD SD SD", _FRAIL, lambda: _recist(232, 172, 180, 175)),
    Vector("T6 id 1 best", "the same: best change, %", -25.9, _FRAIL,
           lambda: _last_change(232, 172), 0.05),
    Vector("RC targets", "liver 40, 35, 30, lung 9.9, 10, nodes 15, 14.9, 9.9 mm: targets", "A B E F", _EISENHAUER,
           _targets),
    Vector("RC confirm", "100, 68, 80 mm, six weeks apart, response to be confirmed", "PR SD", _EISENHAUER,
           lambda: _recist(100, 68, 80, days=[0, 42, 84], confirm=True)),
    Vector("iRECIST 4 + 2", "100, 130, 134, 136 mm: small steps add up", "iUPD iUPD iCPD", _FAQ,
           lambda: _irecist([100, 130, 134, 136])),
    Vector("iRECIST reset", "100, 130, 110, 132 mm: shrinkage resets the bar", "iUPD iSD iUPD", _SEYMOUR,
           lambda: _irecist([100, 130, 110, 132])),
    Vector("iRECIST B", "new lesion, then the targets shrink by 35 %", "iUPD iPR", _SEYMOUR,
           lambda: _irecist([100, 100, 65], new_count=[0, 1, 1])),
    Vector("iRECIST F", "response, then a new lesion, then no change", "iPR iUPD iUPD", _SEYMOUR,
           lambda: _irecist([100, 65, 65, 65], new_count=[0, 0, 1, 1])),
    Vector("iRECIST early", "14 days after iUPD: target sum +20 mm", "iUPD iUPD", _FAQ,
           lambda: _irecist([100, 130, 150], [0, 60, 74])),
    Vector("iRECIST early new", "14 days after iUPD: another new lesion, new symptoms", "iUPD iCPD", _FAQ,
           lambda: _irecist([100] * 3, [0, 60, 74], new_count=[0, 1, 2], symptoms=[False, False, True])),
    Vector("mRECIST", "viable 50 to 35 mm, diameter unchanged: mRECIST", "PR", "Lencioni 2010",
           lambda: _words(mrecist.time_points([50.0, 35]))),
    Vector("mRECIST PD", "viable 20, 12, 14.4 mm: +20 % of any size", "PR PD", "Lencioni 2010",
           lambda: _words(mrecist.time_points([20.0, 12, 14.4]))),
    Vector("WHO PR", "20 x 10 to 10 x 10 mm", "PR", "Miller 1981", lambda: _product(who, 20, 10)),
    Vector("WHO PD", "20 x 10, 12 x 10, 15 x 10 mm: +25 % above the smallest", "SD PD", "Miller 1981",
           lambda: _product(who, 20, 12, 15)),
    Vector("EASL", "enhancing 20 x 10, 10 x 10, 12.5 x 10 mm", "PR PD", "Bruix 2001",
           lambda: _product(easl, 20, 10, 12.5)),
    Vector("PERCIST PMR", "SULpeak 10 to 7, liver 2.0 (SD 0.3)", "PMR", "Wahl 2009", lambda: _percist(10, 7)),
    Vector("PERCIST PMD", "SULpeak 10 to 13", "PMD", "Wahl 2009", lambda: _percist(10, 13)),
    Vector("PERCIST CMR", "SULpeak 10 to 1.9, below the liver", "CMR", "Wahl 2009", lambda: _percist(10, 1.9)),
    Vector("PERCIST TLG", "SULpeak unchanged, glycolysis +75 %", "PMD", "Wahl 2009",
           lambda: _percist(10, 10, tlg=[100, 175])),
    Vector("PERCIST faint", "baseline 3.5 in a liver of 2.0 (SD 0.3): below 3.6", "NE", "Wahl 2009",
           lambda: _percist(3.5, 1)),
    Vector("Chun", "group 3 to 1, 3 to 2, 2 to 2, 1 to 1", "optimal incomplete none none", "Chun 2009",
           lambda: " ".join(_words(chun.time_points([[before, after]]), chun.LABELS)
                            for before, after in ((3, 1), (3, 2), (2, 2), (1, 1)))),
    Vector("MASS", "50 mm, 100 HU: to 60 HU, to 61 HU", "favourable indeterminate", "Smith 2010",
           lambda: _words(mass.time_points([[50.0] * 3], [[100.0, 60, 61]]), mass.LABELS)),
    Vector("SACT", "50 mm, 100 HU to 45 mm, 80 HU", "favourable", "Smith 2010",
           lambda: _words(mass.time_points([[50.0, 45]], [[100.0, 80]], criterion="SACT"), mass.LABELS)),
]  # fmt: skip
