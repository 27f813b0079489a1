"""Best overall response: the best call up to each visit, without or with confirmation (RECIST 1.1, section 4.4)."""

import numpy as np

from liverlab.reading.codes import BASELINE, CR, NE, NON_CR_NON_PD, PD, PR, SD

CONFIRM_AFTER_D = 28  # a response is confirmed by another one no sooner than 4 weeks later

# Best response ranks CR before PR before SD before PD; a baseline or an unevaluable visit never improves it.
_RANK_OF_CODE = np.array([6, 1, 2, 3, 5, 4, 7], dtype=np.int8)
_CODE_OF_RANK = np.array([0, CR, PR, SD, NON_CR_NON_PD, PD, NE, BASELINE], dtype=np.int8)


def so_far(overall):
    """Best response up to each visit (..., T); what comes after the first PD no longer counts."""
    overall = np.asarray(overall)
    after = np.logical_or.accumulate(overall == PD, axis=-1)[..., :-1]
    rank = _RANK_OF_CODE[overall]
    rank[..., 1:][after] = _RANK_OF_CODE[BASELINE]
    return _CODE_OF_RANK[np.minimum.accumulate(rank, axis=-1)]


def confirmed(met, days, after_d=CONFIRM_AFTER_D):
    """Where a response is confirmed: codes (..., T), CR or PR at the confirming visit and 0 elsewhere.

    met (..., T): codes of the visits as measured, nothing kept. days (..., T). PR: a CR or PR, and another one at least
    after_d days before it with no PD in between. CR: two CR that far apart with nothing but CR and NE in between.
    """
    response = (met == CR) | (met == PR)
    partial = response & (days - _first_day(response, met == PD, days) >= after_d)
    complete = (met == CR) & (days - _first_day(met == CR, (met != CR) & (met != NE), days) >= after_d)
    return np.select([complete, partial], [CR, PR], 0).astype(np.int8)


def with_confirmation(overall, held, elapsed_d, min_sd_d):
    """Best response up to each visit when responses need confirmation or SD a duration (tables 3 and 4.4 of RECIST).

    overall (..., T): codes of the visits; held (..., T): the response a visit proves, 0 where it proves none (see
    `confirmed`); elapsed_d (..., T): days since baseline. A response not proven counts as SD; SD (and non-CR/non-PD)
    earlier than min_sd_d counts as NE, so that PD after it is PD.
    """
    stable = (overall == CR) | (overall == PR) | (overall == SD) | (overall == NON_CR_NON_PD)
    plain = np.where(overall == NON_CR_NON_PD, overall, SD)
    counted = np.where(held > 0, held, np.where(stable, np.where(elapsed_d >= min_sd_d, plain, NE), overall))
    return so_far(counted.astype(np.int8))


def _first_day(flag, ended, days):
    """Day of the first flagged visit since the last one that ended the series; infinite where there is none."""
    first = np.full(flag.shape[:-1], np.inf)
    answer = np.empty(flag.shape)
    for k in range(flag.shape[-1]):
        first = np.where(ended[..., k], np.inf, first)
        first = np.where(flag[..., k], np.minimum(first, days[..., k]), first)
        answer[..., k] = first
    return answer
