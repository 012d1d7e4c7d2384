"""The recurrency baseline: what happened before between the two happens again.

What always holds: it sees the same days as the forecaster that it stands beside; its two numbers a relation are chosen
on the validation days.

After Gastinger et al. 2024, "History repeats itself: a baseline for temporal knowledge graph forecasting" (IJCAI),
with the authors' later fix: a candidate's score is `alpha * psi + (1 - alpha) * xi`, psi the sum of
`2 ** (lambda * (t' - t))` over the days t' on which the triple held, divided by that sum over all past days, and xi
the share of the candidate among all objects of the relation so far.
"""

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from detente.forecasting.entity.facts import Facts, Floats, Ints, both_ways
from detente.forecasting.entity.ranking import Figures, Queries, figures, queries_by_day, ranks

LAMBDAS = (0.0, 1e-4, 1e-3, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.5, 0.9, 1.0001)
ALPHAS = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 1.0)
"""The grids of the authors' code."""
_LAMBDA, _ALPHA = 0.1, 0.999
"""For a relation that the validation days do not hold."""
Choice = tuple[float, float]
Choices = Callable[[int], list[Choice]]


def recurrency(facts: Facts, *, multi_step: bool = False) -> Figures:
    """The baseline's figures on the test days.

    Args:
        facts: the benchmark.
        multi_step: count nothing from the first test day on.
    """
    past = _Past(facts)
    grid = [(value, 1.0) for value in LAMBDAS]
    found = _ranks(past, facts.valid, lambda _: grid, None)
    decay = {relation: grid[_best(values)][0] for relation, values in found.items()}
    usual = grid[_best(np.concatenate(list(found.values()), axis=1))][0] if found else _LAMBDA
    mixed = _ranks(past, facts.valid, lambda r: [(decay.get(r, usual), alpha) for alpha in ALPHAS], None)
    share = {relation: ALPHAS[_best(values)] for relation, values in mixed.items()}
    frozen = int(facts.test[0, 3]) if multi_step else None
    last = _ranks(past, facts.test, lambda r: [(decay.get(r, usual), share.get(r, _ALPHA))], frozen)
    return figures(np.concatenate([values[0] for values in last.values()]))


def _best(values: Floats) -> int:
    return int((1 / values).mean(axis=1).argmax())


class _Past:
    """All facts, to be looked up by (subject, relation), and counted by relation up to a day."""

    def __init__(self, facts: Facts) -> None:
        self.rows, self.entities, self.ways = both_ways(facts.all, facts.relations), facts.entities, 2 * facts.relations
        keys = self.rows[:, 0] * self.ways + self.rows[:, 1]
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def of(self, subject: int, relation: int, day: int) -> Ints:
        """The rows of a subject and relation before a day."""
        key = subject * self.ways + relation
        first, end = np.searchsorted(self._keys, [key, key + 1])
        rows = self.rows[self._order[first:end]]
        return np.asarray(rows[rows[:, 3] < day])

    def shares(self, day: int) -> Floats:
        """Each object's share of each relation before a day."""
        rows = self.rows[: int(np.searchsorted(self.rows[:, 3], day))]
        counts = np.bincount(rows[:, 1] * self.entities + rows[:, 2], minlength=self.ways * self.entities)
        table = counts.reshape(self.ways, self.entities).astype(np.float32)
        return np.asarray(table / np.maximum(table.sum(1, keepdims=True), 1))


def _ranks(past: _Past, split: Ints, choices: Choices, frozen: int | None) -> dict[int, Floats]:
    """Ranks by relation, (choices, answers) each."""
    result: dict[int, list[Floats]] = defaultdict(list)
    shares: Floats | None = None
    for queries in queries_by_day(split, past.ways // 2) if len(split) else ():
        known = queries.day if frozen is None else frozen
        if shares is None or frozen is None:
            shares = past.shares(known)
        for index, relation in enumerate(queries.relation.tolist()):
            result[relation].append(_ranks_of(past, queries, index, choices(relation), shares[relation], known))
    return {relation: np.concatenate(parts, axis=1) for relation, parts in result.items()}


def _ranks_of(past: _Past, queries: Queries, index: int, choices: list[Choice], share: Floats, known: int) -> Floats:
    """Ranks of one query's answers under each choice of lambda and alpha."""
    rows = past.of(int(queries.subject[index]), int(queries.relation[index]), known)
    out: list[Floats] = []
    held, psi = None, np.zeros(past.entities)
    for decay, alpha in choices:
        if decay != held:
            age = (rows[:, 3] - queries.day).astype(np.float64)
            psi = np.bincount(rows[:, 2], np.exp2(decay * age), past.entities).astype(np.float64)
            whole = np.exp2(decay * (np.arange(max(known - 1, 1)) - queries.day).astype(np.float64)).sum()
            psi, held = psi / max(whole, 1e-15), decay
        out.append(ranks(alpha * psi + (1 - alpha) * share, queries.answers[index]))
    return np.asarray(out, dtype=np.float32)
