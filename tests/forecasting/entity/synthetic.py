"""A small made-up world for tests: few entities, some habits, some noise, seeded."""

import numpy as np

from detente.forecasting.entity.facts import Facts, Ints, from_splits

ENTITIES, RELATIONS = 40, 6


def world(seed: int = 0) -> Facts:
    """Sixty days; entity s does r mostly to (s + r + 1) mod 40, and at times to anyone."""
    rng = np.random.default_rng(seed)
    rows: list[list[int]] = []
    for day in range(60):
        for _ in range(25):
            subject, relation = int(rng.integers(ENTITIES)), int(rng.integers(RELATIONS))
            usual = (subject + relation + 1) % ENTITIES
            rows.append([subject, relation, usual if rng.random() < 0.7 else int(rng.integers(ENTITIES)), day])
    facts = np.unique(np.array(rows, dtype=np.int64), axis=0)
    land = ["Arland", "Borland", "Corland", "Dorland"]
    names = [f"Police_({land[n % 4]})" if n % 3 else land[n % 4] if n < 8 else f"Person_{n}" for n in range(ENTITIES)]
    return from_splits(*split(facts), names={"ent": names, "rel": [f"act {n}" for n in range(RELATIONS)]})


def split(rows: Ints) -> tuple[Ints, Ints, Ints]:
    """Days before 45, before 52, and the rest."""
    day = rows[:, 3]
    return rows[day < 45], rows[(day >= 45) & (day < 52)], rows[day >= 52]
