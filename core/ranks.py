"""Percentiles by nearest rank: always a value that was measured, never one in between."""

from __future__ import annotations

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` (0..1) of them do not exceed; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    # the millionth keeps 0.95 * 20 from being rounded up to a rank too many
    return float(ordered[max(0, min(len(ordered) - 1, int(share * len(ordered) + 0.999999) - 1))])
