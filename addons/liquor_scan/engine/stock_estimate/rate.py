"""ρ: the share of drunk bottles whose opening was scanned, per product and county (trade.md R10).

A shop with two counts tells it: between them so many bottles left it (`gone`) and so many openings were
scanned (`opened`). Few counties have many such shops, so the county's own rate is shrunk to its region's.

Estimator: beta-binomial. Every shop of a county has a rate of its own, drawn from a beta distribution around the
county's; counties are drawn around the region's. How alike they are is Kleinman's moment estimator of the
intra-class correlation (J. C. Kleinman, "Proportions with extraneous variance: single and independent samples",
Journal of the American Statistical Association 68, 1973, pp. 46-54, weights w = n), and the shrunk rate is
the mean of the beta posterior, `(strength × region + opened) / (strength + gone)`.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

WINDOW_DAYS = 90
"""Counts and openings older than this say nothing about today."""
LEAST_RATE = 0.3
"""Below it, openings are too few to tell velocity: the re-order interval does (trade.md R10)."""
USUAL_STRENGTH = 50.0
"""Bottles that a region's rate counts for where fewer than two counties say how alike they are (ours)."""
USUAL_LIKENESS = 1 / (USUAL_STRENGTH + 1)
"""Intra-class correlation that belongs to it: 1 / (strength + 1)."""
LEAST_STRENGTH, MOST_STRENGTH = 1.0, 10_000.0
"""Bottles that a region's rate counts for where counties have nothing in common, or differ no more than by chance."""


class Sample(NamedTuple):
    """What left a shop (or a county's shops) between two counts, and how many openings were scanned, in bottles."""

    opened: float
    gone: float

    @property
    def scanned(self) -> float:
        """Openings among what left; more than that are bottles sold before the first count."""
        return min(self.opened, self.gone)


class Rate(NamedTuple):
    """ρ with what it rests on.

    `variance` is that of one shop's own rate: what is not known of the mean, and how shops differ.
    `shops` counted twice in the county, `gone` bottles between their counts.
    """

    value: float
    variance: float
    shops: int
    gone: float
    region: float

    @property
    def is_weak(self) -> bool:
        """Whether velocity is read from the re-order interval instead."""
        return self.value < LEAST_RATE


def pooled(samples: Iterable[Sample]) -> float | None:
    """Openings per bottle of all samples together; None where nothing left.

    >>> pooled([Sample(30, 60), Sample(10, 40)])
    0.4
    """
    known = [sample for sample in samples if sample.gone > 0]
    total = sum(sample.gone for sample in known)
    return sum(sample.scanned for sample in known) / total if total else None


def likeness(samples: Sequence[Sample]) -> float | None:
    """Kleinman's intra-class correlation of proportions, 0 (one rate for all) to 1; None where it cannot be told.

    With n bottles and share p of each sample, N = Σn, P the pooled share and k samples:
    `(Σ n (p - P)² - P (1 - P)(k - 1)) / (P (1 - P)(N - Σn²/N - (k - 1)))`.

    Two samples of 100, shares 0.6 and 0.4: P = 0.5, Σ = 100 × 0.01 × 2 = 2; (2 - 0.25) / (0.25 × (200 - 100 - 1))

    >>> round(likeness([Sample(60, 100), Sample(40, 100)]), 6)
    0.070707
    >>> likeness([Sample(50, 100), Sample(50, 100)])  # less than chance would differ
    0.0
    >>> likeness([Sample(50, 100)]) is None
    True
    """
    known = [sample for sample in samples if sample.gone > 0]
    mean, count = pooled(known), len(known)
    if mean is None or count < 2 or not 0 < mean < 1:
        return None
    total = sum(sample.gone for sample in known)
    spread = sum(sample.gone * (sample.scanned / sample.gone - mean) ** 2 for sample in known)
    room = total - sum(sample.gone**2 for sample in known) / total - (count - 1)
    if room <= 0:
        return None
    chance = mean * (1 - mean)
    return min(1.0, max(0.0, (spread - chance * (count - 1)) / (chance * room)))


def strength(alike: float | None) -> float:
    """Bottles that the region's rate counts for beside the county's own: 1 / likeness - 1.

    >>> strength(0.2), strength(0.0), strength(1.0), strength(None)
    (4.0, 10000.0, 1.0, 50.0)
    """
    if alike is None:
        return USUAL_STRENGTH
    return MOST_STRENGTH if alike * (MOST_STRENGTH + 1) < 1 else max(LEAST_STRENGTH, 1 / alike - 1)


def shrunk(samples: Sequence[Sample], region: Sequence[Sequence[Sample]], alike: float | None = None) -> Rate | None:
    """ρ of a county from its shops' samples and those of all counties of its region (its own among them).

    `alike` is the likeness of single shops; by default it is told from the region's. None where no shop of the
    region was counted twice.

    Alone: every bottle of shops that are alike by 0 counts, 30 of 60 and 10 of 40 are 40 of 100. Without shops of
    its own a county has its region's rate, (40 + 160) / 300.

    >>> county = [Sample(30, 60), Sample(10, 40)]
    >>> round(shrunk(county, [county], alike=0.0).value, 6)
    0.4
    >>> far = [Sample(90, 100), Sample(70, 100)]
    >>> round(shrunk([], [county, far]).value, 6)
    0.666667
    """
    everybody = [sample for shops in region for sample in shops]
    mean = pooled(everybody)
    if mean is None:
        return None
    alike = likeness(everybody) if alike is None else alike
    alike = USUAL_LIKENESS if alike is None else alike
    between = strength(likeness([_effective(shops, alike) for shops in region]))
    own = _effective(samples, alike)
    value = (between * mean + own.opened) / (between + own.gone)
    variance = value * (1 - value) * (alike + (1 - alike) / (between + own.gone + 1))
    return Rate(value, variance, len(samples), sum(sample.gone for sample in samples), mean)


def of_region(rates: Iterable[Rate]) -> float | None:
    """ρ of many counties and products: each weighs by the bottles that told it, None where none of them was counted.

    A county without a shop counted twice has the rate of others and tells nothing of itself.

    30 of 60 and 10 of 40 bottles: (60 × 0.5 + 40 × 0.25) / 100

    >>> of_region([Rate(0.5, 0.0, 1, 60, 0.4), Rate(0.25, 0.0, 1, 40, 0.4), Rate(0.9, 0.0, 0, 0, 0.9)])
    0.4
    >>> of_region([Rate(0.9, 0.0, 0, 0, 0.9)]) is None
    True
    """
    told = [rate for rate in rates if rate.gone > 0]
    total = sum(rate.gone for rate in told)
    return sum(rate.value * rate.gone for rate in told) / total if total else None


def _effective(samples: Sequence[Sample], alike: float) -> Sample:
    """Samples of a county as one of as many independent bottles as they are worth.

    Bottles of one shop are alike, so n of them count as n / (1 + (n - 1) likeness) (design effect, L. Kish,
    Survey Sampling, 1965, section 5.4).

    >>> _effective([Sample(30, 61)], 0.1)  # 61 / (1 + 60 × 0.1) = 61 / 7
    Sample(opened=4.285714285714286, gone=8.714285714285714)
    """
    weights = [1 / (1 + max(0.0, sample.gone - 1) * alike) for sample in samples]
    pairs = list(zip(samples, weights, strict=True))
    return Sample(sum(one.scanned * weight for one, weight in pairs), sum(one.gone * weight for one, weight in pairs))
