"""Modified Choi: Choi's changes in size and density are both needed for PR (Nathan 2010, Cancer Biol Ther 9:15-9).

`choi.time_points`, `choi.assess_rows` and `choi.assess` with modified=True.
"""

from functools import partial

from liverlab.reading import choi

time_points = partial(choi.time_points, modified=True)
assess_rows = partial(choi.assess_rows, modified=True)
assess = partial(choi.assess, modified=True)
