"""Intervals and effect sizes, from scipy; absent where they would say nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

Interval = list[float] | None

# Quantiles of scipy.special, of which scipy.stats is made. Importing scipy takes as long as all
# the counting of a month, so those that a month needs are written down; a test compares all of
# them, and the intervals, with scipy.stats.
NORMAL = 1.959963984540054  # ndtri(0.975)
STUDENT = (  # stdtrit(degrees of freedom, 0.975), from 1 degree of freedom
    12.706204736174694, 4.302652729749462, 3.1824463052837078, 2.7764451051977934,
    2.5705818356363146, 2.4469118511449786, 2.364624251592784, 2.306004135204166,
    2.262157162798205, 2.228138851986274, 2.200985160091639, 2.1788128296672284,
    2.1603686564627913, 2.144786687917804, 2.131449545559776, 2.1199052992212546,
    2.1098155778333156, 2.1009220402410382, 2.0930240544083087, 2.085963447265864,
    2.0796138447276795, 2.0738730679040254, 2.0686576104190486, 2.0638985616280245,
    2.0595385527532972, 2.0555294386428735, 2.0518305164802846, 2.0484071417952454,
    2.045229642132703, 2.0422724563012378, 2.039513446396408, 2.0369333434601016,
    2.0345152974493383, 2.0322445093177186, 2.030107928250343, 2.0280940009804502,
    2.0261924630291093, 2.0243941639119694, 2.022690920036761, 2.021075390306273,
    2.019540970441376, 2.0180817028184443, 2.016692199227824, 2.0153675744437636,
    2.014103388880846, 2.012895598919429, 2.0117405137297655, 2.010634757624232,
    2.0095752371292392, 2.008559112100761, 2.007583770315836, 2.006646805061688,
    2.0057459953178687, 2.0048792881880564, 2.0040447832891455, 2.003240718847872,
    2.002465459291007, 2.0017174841452356, 2.000995378088267, 2.0002978220142604,
    1.999623584994939, 1.9989715170333788, 1.998340542520741, 1.997729654317693,
    1.9971379083920038, 1.9965644189523117, 1.996008354025296, 1.9954689314298435,
    1.9949454151072374, 1.994437111771186, 1.9939433678456255, 1.9934635666618719,
    1.992997125889855, 1.992543495180932, 1.9921021540022417, 1.9916726096446642,
    1.9912543953883846, 1.9908470688116906, 1.9904502102301285, 1.990063421254446,
    1.9896863234569029, 1.989318557136572, 1.9889597801751624, 1.9886096669757083,
    1.9882679074772216, 1.98793420623902, 1.9876082815890708, 1.9872898648311692,
    1.986978699506281, 1.9866745407037683, 1.9863771544186177, 1.98608631695113,
    1.9858018143458227, 1.985523441866604, 1.9852510035054978, 1.984984311522457,
    1.9847231860139845, 1.9844674545084815, 1.9842169515864174, 1.9839715185235518,
)  # fmt: skip


def mean_interval(values: Sequence[float] | np.typing.NDArray[Any]) -> Interval:
    """The 95 % t interval of a mean, n - 1 degrees of freedom.

    None for fewer than two values and where all are equal: never zero wide.
    """
    data = np.asarray(values, dtype=float)
    if len(data) < 2 or np.ptp(data) < 1e-12:
        return None
    half = _student(len(data) - 1) * float(np.std(data, ddof=1)) / len(data) ** 0.5
    mean = float(np.mean(data))
    return [mean - half, mean + half]


def _student(freedom: int) -> float:
    """The 0.975 quantile of the t distribution."""
    if freedom <= len(STUDENT):
        return STUDENT[freedom - 1]
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))


def rate_interval(count: int, total: int) -> Interval:
    """The 95 % Wilson interval of a rate, 0 to 1. None for an empty denominator."""
    if total < 1:
        return None
    z, rate = NORMAL, count / total
    middle = rate + z * z / (2 * total)
    half = z * (rate * (1 - rate) / total + z * z / (4 * total * total)) ** 0.5
    whole = 1 + z * z / total
    low = 0.0 if count == 0 else (middle - half) / whole
    high = 1.0 if count == total else (middle + half) / whole
    return [low, high]


def product_limit(lost: Sequence[float], kept: Sequence[float]) -> list[tuple[float, int, float]]:
    """Kaplan-Meier: (time, at risk before it, share left after it) of each time that occurs.

    ``lost``: times of an event; ``kept``: times until which there was none.
    """
    events, ends = Counter(lost), Counter(kept)
    at_risk, share, steps = len(lost) + len(kept), 1.0, []
    for time in sorted(events | ends):
        share *= 1 - events[time] / at_risk
        steps.append((time, at_risk, share))
        at_risk -= events[time] + ends[time]
    return steps


def standardised_mean_change(
    reductions: np.typing.NDArray[Any], baselines: np.typing.NDArray[Any]
) -> float | None:
    """Mean reduction over the SD of the baselines (n - 1), with the small-sample correction
    J = 1 - 3 / (4 (n - 1) - 1). None for n < 3 or where the baselines do not vary."""
    n = len(reductions)
    if n < 3 or np.ptp(baselines) == 0:
        return None
    spread = float(np.std(baselines, ddof=1))
    return float(np.mean(reductions)) / spread * (1 - 3 / (4 * (n - 1) - 1))
