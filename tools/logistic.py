"""Logistic regression with an L2 penalty, by Newton's method with halved steps: the same numbers each time."""

from __future__ import annotations

from typing import Any

import numpy as np

ROUNDS, HALVINGS, ENOUGH = 60, 12, 1e-7


def logistic_regression(x: Any, y: Any, penalty: float, weight: Any = None) -> tuple[Any, float]:
    """Factors (columns of `x`) and an offset; the penalty is on standardised columns, the offset has none."""
    weight = np.ones(len(y)) if weight is None else weight
    centre, deviation = x.mean(axis=0), x.std(axis=0)
    deviation = np.where(deviation < 1e-9, np.inf, deviation)  # a column that never differs says nothing
    design = np.column_stack([(x - centre) / deviation, np.ones(len(x))])
    ridge = np.append(np.full(x.shape[1], penalty), 1e-6)
    found = np.zeros(design.shape[1])
    cost = _cost(design, y, weight, ridge, found)
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-design @ found))
        curve = (design * (weight * p * (1 - p))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(curve, design.T @ (weight * (p - y)) + ridge * found)
        for _ in range(HALVINGS):
            now = _cost(design, y, weight, ridge, found - step)
            if now <= cost:
                break
            step = step / 2
        found = found - step
        if cost - now < ENOUGH * max(1.0, cost):
            break
        cost = now
    factors = found[:-1] / deviation
    return factors, float(found[-1] - centre @ factors)


def _cost(design: Any, y: Any, weight: Any, ridge: Any, found: Any) -> float:
    """The log loss and the penalty."""
    z = design @ found
    return float((weight * (np.logaddexp(0, z) - y * z)).sum() + 0.5 * (ridge * found**2).sum())
