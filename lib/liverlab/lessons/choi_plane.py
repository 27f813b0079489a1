"""Where Choi calls response and progression in the plane of size and attenuation, and RECIST's lines for size."""

from liverlab.reading import choi, recist
from liverlab.ui import figures

_ALL = 1000.0
REGIONS = (
    {"x": (-_ALL, -choi.PR_SIZE_FALL_PCT), "y": (-_ALL, _ALL), "label": "", "colour": figures.GREEN},
    {
        "x": (-choi.PR_SIZE_FALL_PCT, _ALL),
        "y": (-_ALL, -choi.PR_HU_FALL_PCT),
        "label": "Choi PR",
        "colour": figures.GREEN,
    },
    {
        "x": (choi.PD_SIZE_RISE_PCT, _ALL),
        "y": (-choi.PR_HU_FALL_PCT, _ALL),
        "label": "Choi PD",
        "colour": figures.VERMILION,
    },
)

SIZE_LINES = ((-recist.PR_FALL_PCT, "RECIST PR"), (recist.PD_RISE_PCT, "RECIST PD"))
