"""What groups tell: the subject's country and sector, the candidate's, and how far each deals with the other's.

What always holds: a person's country is the one known from earlier days; every column is a share or a count of the
past of the two parties' groups, so that a pair that never met can still be told from another that never did.
"""

import numpy as np

from detente.forecasting.entity.facts import Floats, Ints
from detente.forecasting.entity.history import History
from detente.forecasting.entity.table import Found, logged

COLUMNS: tuple[str, ...] = (
    *(f"share by the subject's country, {name}" for name in ("a week", "a month", "ever")),
    *(f"share by the subject's sector, {name}" for name in ("a month", "ever")),
    "same country", "share of the object's sector", "share of the object's sector by head",
    *(f"share of the object's country, {name}" for name in ("2 days", "a month", "ever")),
    *(f"the object's country in the subject's acts, {name}" for name in ("2 days", "a month", "ever")),
    *(f"the object's country in this act by the subject, {name}" for name in ("a month", "ever")),
    *(f"the object's sector in the subject's acts, {name}" for name in ("a month", "ever")),
    "the object's sector in this act by the subject", "the object's sector in this act by the country",
    *(f"between the two countries, {name}" for name in ("2 days", "a month", "ever")),
    *(f"any act by the subject's country, {name}" for name in ("2 days", "a month", "ever")),
    *(f"the object's part in its country, {name}" for name in ("a week", "a month", "ever")),
    *(f"the subject's country in the object's acts, {name}" for name in ("2 days", "a month", "ever")),
    *(f"the subject's country in this act on the object, {name}" for name in ("a month", "ever")),
    "the subject's sector in the object's acts", "the subject's sector in this act on the object",
)  # fmt: skip


def columns(history: History, subject: Ints, relation: Ints, candidates: Ints, same: Ints) -> list[Floats]:
    """The columns named in `COLUMNS` for the candidates (n, k); `same` tells of which the country is the subject's."""
    ways, traits = history.ways, history.traits
    act, country = subject * ways + relation, history.country[subject]
    land, kind = history.country[candidates], traits.sector[candidates] * 2 + same
    by_country, by_sector = country * ways + relation, traits.sector[subject] * ways + relation
    read = _Reader(history)
    out = read.share("country_object", by_country, candidates, (1, 2, 4))
    out += read.share("sector_object", by_sector, candidates, (2, 4))
    [sort] = read.raw("kinds", by_sector, kind, (4,), 2.0)
    out += [same.astype(np.float32), logged(sort), logged(sort / (history.object[4][candidates] + 1.0), 1e-5)]
    out += read.share("countries", by_country, land, (0, 2, 4), 2.0)
    out += read.share("subject_country", subject, land, (0, 2, 4))
    out += read.share("act_country", act, land, (2, 4))
    out += read.share("subject_kind", subject, kind, (2, 4))
    out += read.share("act_kind", act, kind, (3,)) + read.share("country_kind", by_country, kind, (3,), 2.0)
    out += read.share("country_pair", country, land, (0, 2, 4), 2.0)
    out += read.share("country_any", country, candidates, (0, 2, 4))
    whole = np.stack([np.bincount(history.country, history.object[k], traits.countries) for k in (1, 2, 4)])
    for speed, total in zip((1, 2, 4), whole.astype(np.float32), strict=True):
        out.append(logged(history.object[speed][candidates] / (total[land] + 2.0)))
    return out + _other_side(history, subject, relation, candidates, same)


def _other_side(history: History, subject: Ints, relation: Ints, candidates: Ints, same: Ints) -> list[Floats]:
    """How far the candidate deals with the subject's country and sector."""
    ways, relations = history.ways, history.relations
    back = np.where(relation < relations, relation + relations, relation - relations)[:, None]
    doing, done = history.doer.sums(), history.doer.find(candidates, np.broadcast_to(back, candidates.shape))
    country = np.broadcast_to(history.country[subject][:, None], candidates.shape)
    kind = history.traits.sector[subject][:, None] * 2 + same
    acts, out = candidates * ways + back, []
    cells = history.subject_country.find(candidates, country)
    out += [logged(history.subject_country.values[k][cells] / (doing[k][candidates] + 0.5)) for k in (0, 2, 4)]
    cells = history.act_country.find(acts, country)
    out += [logged(history.act_country.values[k][cells] / (history.doer.values[k][done] + 0.5)) for k in (2, 4)]
    cells = history.subject_kind.find(candidates, kind)
    out.append(logged(history.subject_kind.values[4][cells] / (doing[4][candidates] + 0.5)))
    cells = history.act_kind.find(acts, kind)
    out.append(logged(history.act_kind.values[4][cells] / (history.doer.values[4][done] + 0.5)))
    return out


class _Reader:
    """Shares read from the history's tables."""

    def __init__(self, history: History) -> None:
        self.history = history

    def raw(self, name: str, rows: Ints, columns: Ints, speeds: tuple[int, ...], least: float) -> list[Floats]:
        table = getattr(self.history, name)
        found = Found(table, rows, table.width)
        cells = found.cells(columns)
        return [table.values[k][cells] / (found.total(k) + least)[:, None] for k in speeds]

    def share(self, name: str, rows: Ints, columns: Ints, speeds: tuple[int, ...], least: float = 0.5) -> list[Floats]:
        return [logged(part) for part in self.raw(name, rows, columns, speeds, least)]
