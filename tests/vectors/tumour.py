"""Tumour size.

Vectors T1 to T5 of the dossier, doubling times, and the survival of table A4.
"""

from liverlab.disease import survival, tumour, tumour_drugs

from . import Vector


def _stein_fojo(id_, growth, decay, nadir_d, nadir, within):
    what = f"g-d model, g {growth:g}, d {decay:g} per day"
    return [
        Vector(f"{id_} day", f"{what}: day of the nadir", nadir_d, "computed: ln(d/g)/(g+d)",
               lambda: float(tumour.stein_fojo_nadir_d(growth, decay)), within[0]),
        Vector(f"{id_} size", f"{what}: relative size there", nadir, "computed: Stein 2008's equation",
               lambda: float(tumour.stein_fojo(tumour.stein_fojo_nadir_d(growth, decay), growth, decay)), within[1]),
    ]  # fmt: skip


def _hansson_rates():
    model = tumour_drugs.HANSSON
    kill = tumour_drugs.hansson_kill_per_week(1.47)
    return [tumour.per_day(rate) for rate in (model.growth_per_week, kill, model.resistance_per_week)]


def _hansson(id_, what, expected, got, within):
    return Vector(id_, f"Hansson 2013, sunitinib 1.47 mg h/L: {what}", expected, "computed from its rates", got, within)


def _hansson_size(week):
    return lambda: float(tumour.claret(7.0 * week, *_hansson_rates()))


def _schindler(exposure, week, nadir):
    model = tumour_drugs.SCHINDLER

    def rates():
        kill = model.exposure_kill_per_week * exposure
        return [tumour.per_day(rate) for rate in (model.growth_per_week, kill, model.resistance_per_week)]

    what = f"Schindler 2016, sunitinib {exposure:g} mg h/L"
    return [
        Vector(f"T3 week ({exposure:g})", f"{what}: week from which the sum grows", week, "computed from its rates",
               lambda: float(tumour.claret_time_to_growth_d(*rates())) / 7.0, 0.05),
        Vector(f"T3 size ({exposure:g})", f"{what}: relative sum there", nadir, "computed from its rates",
               lambda: float(tumour.claret_nadir(*rates())), 5e-4),
    ]  # fmt: skip


def _bruno_size(week, capecitabine_mg_m2, docetaxel_mg_m2, area_m2=1.7):
    courses = [
        (tumour_drugs.BRUNO_CAPECITABINE, *tumour_drugs.cycles(capecitabine_mg_m2 * area_m2 / 1000.0, 18, 21, 14, 2)),
        (tumour_drugs.BRUNO_DOCETAXEL, *tumour_drugs.cycles(docetaxel_mg_m2 * area_m2, 18)),
    ]
    return float(tumour_drugs.kpd([7.0 * week], tumour_drugs.BRUNO_GROWTH_PER_WEEK, courses)[0])


def _bruno(week, expected, source, within, capecitabine=1250.0, docetaxel=75.0):
    arm = f"capecitabine {capecitabine:g}, docetaxel {docetaxel:g} mg/m2"
    return Vector(f"T4 {'step' if within > 5e-4 else 'ODE'} {capecitabine:g}/{docetaxel:g} w{week}",
                  f"Bruno 2012, {arm}, 1.7 m2: relative sum in week {week}", expected, source,
                  lambda: _bruno_size(week, capecitabine, docetaxel), within)  # fmt: skip


# Steps of half an hour cost the first set up to 0.0011; the solution here is exact. The second set has no such error.
STEPS, SOLVER = "computed in steps of 0.5 h", "another implementation (nlmixr2lib), solver at 1e-6"


def _bruno_median(id_, change, expected, source, within):
    return Vector(id_, f"Bruno 2012, sum 75 mm, {100 * change:+.0f} % in week 6: median survival in months", expected,
                  source, lambda: float(survival.bruno(75.0, change).median_months), within)  # fmt: skip


def _doubling(key, days, rate, progression_d, within=5e-6):
    return [
        Vector(f"VDT {key} rate", f"volume doubling {days:g} d: growth of the diameter per day", rate,
               "computed: ln 2 / (3 VDT)", lambda: float(tumour.diameter_rate_per_day(days)), within),
        Vector(f"VDT {key} +20 %", f"volume doubling {days:g} d: days until the diameter is 20 % larger", progression_d,
               "computed: ln 1.2 / rate",
               lambda: float(tumour.days_to_increase(tumour.diameter_rate_per_day(days))), 0.5),
    ]  # fmt: skip


VECTORS = [
    *_stein_fojo("T1a", 0.0032, 0.020, 79.0, 0.4936, (0.05, 5e-5)),
    *_stein_fojo("T1b", 0.001, 0.01, 209.3, 0.3561, (0.05, 5e-5)),
    # The median patient of a refit of the FFCD trial, known to three digits.
    *_stein_fojo("T1c", 0.00118, 0.00623, 225.0, 0.549, (1.0, 2e-3)),
    _hansson("T2 kill", "kill rate per week", 0.03115, lambda: float(tumour_drugs.hansson_kill_per_week(1.47)), 5e-6),
    _hansson("T2 week", "week from which the sum grows", 44.7,
             lambda: float(tumour.claret_time_to_growth_d(*_hansson_rates())) / 7.0, 0.05),
    _hansson("T2 size", "relative sum there", 0.695, lambda: float(tumour.claret_nadir(*_hansson_rates())), 5e-4),
    *(
        _hansson(f"T2 w{week}", f"relative sum in week {week}", size, _hansson_size(week), 5e-4)
        for week, size in ((6, 0.901), (12, 0.829), (24, 0.741), (52, 0.699))
    ),
    *_schindler(1.0, 22.9, 0.937),
    *_schindler(1.47, 42.1, 0.777),
    Vector("T3 SUV", "Schindler 2016, sunitinib 1 mg h/L: change of SUVmax after one week in %", -22.68,
           "Schindler 2016, run of its published model file",
           lambda: 100.0 * float(tumour_drugs.schindler_suv(7.0, 1.0) - 1.0), 0.005),
    *(_bruno(week, size, STEPS, 1.2e-3)
      for week, size in ((3, 0.791), (6, 0.682), (12, 0.565), (24, 0.454), (52, 0.385))),
    _bruno(6, 0.757, STEPS, 1.2e-3, capecitabine=825.0),
    _bruno(6, 0.929, STEPS, 1.2e-3, capecitabine=0.0),
    _bruno(52, 1.255, STEPS, 1.2e-3, capecitabine=0.0, docetaxel=0.0),
    *(_bruno(6, 1.0 + change, SOLVER, 6e-5, capecitabine=dose)
      for dose, change in ((0.0, -0.0712), (825.0, -0.2420), (1000.0, -0.2740), (1250.0, -0.3174))),
    _bruno_median("T5 +30", 0.3, 11.80, "computed; Bruno 2012 says 11.8", 0.005),
    _bruno_median("T5 -30", -0.3, 19.09, "computed from the printed coefficients", 0.005),
    _bruno_median("T5 -30 paper", -0.3, 19.3, "Bruno 2012 (its formula gives 19.09)", 0.015 * 19.3),
    _bruno_median("T5 0", 0.0, 15.01, "computed", 0.005),
    *(Vector(f"A4 S({month})", f"exponential survival, median 7.9 months: alive after {month} months", alive,
             "computed; median of the 2022 pseudocirrhosis series",
             lambda month=month: float(survival.Exponential(7.9).survival(month)), 5e-4)
      for month, alive in ((3, 0.769), (12, 0.349))),
    *_doubling("155", 155.0, 0.00149, 122.0),
    *_doubling("86", 86.0, 0.00269, 68.0),
    *_doubling("92.4", 92.4, 0.00250, 73.0),
    *_doubling("71.4", 71.4, 0.00324, 56.0),
    *_doubling("77", 77.0, 0.0030, 61.0),
    *_doubling("53", 53.0, 0.0044, 42.0, 5e-5),
]  # fmt: skip
