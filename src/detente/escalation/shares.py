"""The value of each line: its Shapley share in what all lines together do.

What always holds: the shares add up to the difference between no line and all lines; alike lines get equal shares; a
line that does nothing gets nothing. Lines of one channel are alike, so that subsets with as many open lines in each
channel count as one, with their number; that is exact, for 12 unlike lines the 4,096 subsets themselves. Where even
these are too many, orders are drawn, and the standard error is told.

Source: Shapley (1953), A Value for n-Person Games.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, prod

import numpy as np

from detente.escalation.ladder import Array

MOST = 2**16
"""Situations up to which all are gone through."""
ORDERS = 500
"""Orders that are drawn beyond."""


@dataclass(frozen=True, slots=True)
class Game:
    """The situations at which the risk has to be known, and how shares are made of it.

    Attributes:
        lines: lines of each channel, (C,).
        down: lines of each channel that are down in each situation, (G, C).
        parts: one matrix for each order drawn, or a single exact one: shares of a line of each channel are its product
            with the risk at the situations, (orders or 1, C, G / orders).
    """

    lines: Array
    down: Array
    parts: Array

    def shares(self, risk: Array) -> Array:
        """What a line of each channel takes off.

        Args:
            risk: any measure of it at each situation, (G,) or (G, D).

        Returns:
            Shares, (C,) or (C, D).
        """
        found: Array = np.mean(self._each(risk), axis=0)
        return found

    def error(self, risk: Array) -> Array | None:
        """The standard error of the shares, (C,) or (C, D), where orders were drawn; None where they are exact."""
        if len(self.parts) == 1:
            return None
        found: Array = np.std(self._each(risk), axis=0, ddof=1) / np.sqrt(len(self.parts))
        return found

    def _each(self, risk: Array) -> Array:
        orders, channels, situations = self.parts.shape
        found: Array = self.parts @ risk.reshape(orders, situations, -1)
        return found.reshape(orders, channels, *risk.shape[1:])


def game(lines: Array, *, seed: int = 0, most: int = MOST) -> Game:
    """The game of lines.

    Args:
        lines: number of lines of each channel, (C,).
        seed: for the orders, where they have to be drawn.
        most: situations up to which the shares are exact.

    Example:
        >>> g = game(np.array([1, 2]))
        >>> g.shares(g.down @ np.array([3.0, 5.0])).round(6).tolist()
        [3.0, 5.0]
    """
    counts = [int(n) for n in lines]
    return _exact(counts) if prod(n + 1 for n in counts) <= most else _drawn(counts, seed)


def _exact(counts: list[int]) -> Game:
    shape = [n + 1 for n in counts]
    down = np.indices(shape).reshape(len(counts), -1)
    total = sum(counts)
    places = np.arange(down.shape[1]).reshape(shape)
    size = total - down.sum(axis=0)
    # The chance of a line to come after just these open ones, by their number (Shapley's formula).
    chance = np.array([1 / (total * comb(total - 1, s)) if s < total else 0.0 for s in range(total + 1)])[size]
    table = [np.array([[comb(max(n - own, 0), n - d) for d in range(n + 1)] for own in (0, 1)], float) for n in counts]
    matrix = np.zeros((len(counts), down.shape[1]))
    for k, n in enumerate(counts):
        if n == 0:
            continue
        ways = np.prod([table[j][int(j == k)][down[j]] for j in range(len(counts))], axis=0)
        weight = np.where(down[k] >= 1, chance * ways, 0.0)
        matrix[k] += weight
        opened = np.take(places, np.arange(n), axis=k).ravel()
        matrix[k, opened] -= weight[np.take(places, np.arange(1, n + 1), axis=k).ravel()]
    return Game(np.array(counts), down.T, matrix[None])


def _drawn(counts: list[int], seed: int) -> Game:
    rng = np.random.default_rng([seed, 1953])
    channels = np.repeat(np.arange(len(counts)), counts)
    total = len(channels)
    down = np.empty((ORDERS, total + 1, len(counts)), int)
    parts = np.zeros((ORDERS, len(counts), total + 1))
    for order in range(ORDERS):
        opening = rng.permutation(channels)
        down[order, 0] = counts
        down[order, 1:] = counts - np.cumsum(opening[:, None] == np.arange(len(counts)), axis=0)
        for step, channel in enumerate(opening):
            parts[order, channel, step] += 1 / counts[channel]
            parts[order, channel, step + 1] -= 1 / counts[channel]
    return Game(np.array(counts), down.reshape(-1, len(counts)), parts)
