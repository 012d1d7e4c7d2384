"""What is believed before anything is known of a pair: entries of a TOML file, checked.

What always holds: an entry has a unit, a range, a source and a reasoning; a wrong entry is an error that names file,
entry and cure; no number here is out of what its unit allows. What the entries say stands in ``priors.toml``.
"""

from __future__ import annotations

import math
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from detente.errors import PriorsError
from detente.model import LineKind, Record

Unit = Literal["per year", "odds", "probability", "share", "days", "log odds ratio", "log rate ratio"]
Data = Literal["association", "analogy", "counted", "none"]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]

INCIDENTS = "incidents"
"""What an effect on the frequency of incidents reaches; all others reach stages."""
WIDTH = 1.959964
"""Standard deviations from the middle to the end of a 95 % interval."""
MAX_BYTES = 1_000_000
_POSITIVE = {"per year": "a rate", "odds": "an odds", "days": "a number of days"}
_FRACTION = {"probability": "a probability", "share": "a share"}


def _to_scale(unit: Unit, value: float) -> float:
    if unit in _POSITIVE:
        return math.log(value)
    return math.log(value / (1 - value)) if unit in _FRACTION else value


def _from_scale(unit: Unit, value: float) -> float:
    if unit in _POSITIVE:
        return math.exp(value)
    return 1 / (1 + math.exp(-value)) if unit in _FRACTION else value


class Prior(Record):
    """One belief: normal on its unit's scale (logarithm, log odds, or the number itself)."""

    unit: Unit
    value: Number | None = None
    sd: Annotated[float, Field(ge=0, le=20, allow_inf_nan=False)] | None = None
    range: tuple[Number, Number] | None = None
    data: Data
    source: Text
    reasoning: Text

    @model_validator(mode="after")
    def _numbers_make_sense(self) -> Self:
        if (self.range is None) == (self.value is None and self.sd is None):
            raise ValueError("give either a range of 95 %, or a value with an sd")
        if self.range is None and (self.value is None or self.sd is None):
            raise ValueError("a value needs an sd beside it, and an sd a value")
        for number in self.range or (self.value,):
            assert number is not None
            if self.unit in _POSITIVE and number <= 0:
                raise ValueError(f"{number:g} is not above zero; {_POSITIVE[self.unit]} is")
            if self.unit in _FRACTION and not 0 < number < 1:
                raise ValueError(f"{number:g} is not between zero and one; {_FRACTION[self.unit]} is")
        if self.range and self.range[0] > self.range[1]:
            raise ValueError("the range ends before it begins; write the lower end first")
        return self

    @property
    def middle(self) -> float:
        """The median, on the unit's scale."""
        if self.range is None:
            assert self.value is not None
            return _to_scale(self.unit, self.value)
        return sum(_to_scale(self.unit, end) for end in self.range) / 2

    @property
    def spread(self) -> float:
        """The standard deviation, on the unit's scale."""
        if self.range is None:
            assert self.sd is not None
            return self.sd
        low, high = (_to_scale(self.unit, end) for end in self.range)
        return (high - low) / (2 * WIDTH)

    def at(self, deviations: float) -> float:
        """The number in the unit itself, so many standard deviations from the median."""
        return _from_scale(self.unit, self.middle + deviations * self.spread)


class Effect(Prior):
    """What the loss of lines does: to the log odds of climbing at the stages reached, or to the log rate of incidents.

    An effect without a channel is only there to be a parent of others.
    """

    parent: str | None = None
    channel: str | None = None
    when: Literal["lost", "reduced"] = "lost"
    reaches: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _unit_fits(self) -> Self:
        if not self.unit.startswith("log "):
            raise ValueError(f"an effect in {self.unit!r} makes no sense; its unit is log odds ratio or log rate ratio")
        rate = self.unit == "log rate ratio"
        if (self.reaches and rate != (INCIDENTS in self.reaches)) or (rate and len(self.reaches) > 1):
            raise ValueError(
                "an effect on the frequency reaches only incidents, in log rate ratio; one on stages has log odds ratio"
            )
        return self


class Stage(Record):
    """A rung of the ladder: the chance to climb from it rather than be cleared, and how long it lasts."""

    title: Text
    means: Text
    climb: Prior | None = None
    days: Prior

    @model_validator(mode="after")
    def _units_fit(self) -> Self:
        if self.climb and self.climb.unit not in ("odds", "probability"):
            raise ValueError(f"climb: {self.climb.unit!r} is no unit of a chance; write odds or probability")
        if self.days.unit != "days":
            raise ValueError(f"days: {self.days.unit!r} is no unit of a duration; write days")
        return self


class Channel(Record):
    """Kinds of line with one effect: each line by itself, or all together, lost only when the last of them is."""

    title: Text
    kinds: tuple[LineKind, ...]
    together: bool = False


class Incidents(Record):
    """How often incidents begin."""

    rate: Prior

    @field_validator("rate")
    @classmethod
    def _is_a_rate(cls, rate: Prior) -> Prior:
        if rate.unit != "per year":
            raise ValueError(f"{rate.unit!r} is no unit of a rate; write per year")
        return rate


class States(Record):
    """What a state that is neither open nor down counts for."""

    limited: Prior
    unknown: Prior

    @model_validator(mode="after")
    def _units_fit(self) -> Self:
        if self.limited.unit != "share" or self.unknown.unit != "probability":
            raise ValueError("limited is a share, unknown a probability (that the line is in use); write these units")
        return self


class Claims(Record):
    """How a claim is told to be about the risk."""

    words: tuple[Text, ...] = ()


class Priors(Record):
    """All that is believed beforehand."""

    format: Literal["detente.priors/1"]
    headline: str
    incidents: Incidents
    stages: dict[str, Stage] = Field(min_length=2, max_length=12)
    states: States
    channels: dict[str, Channel] = Field(min_length=1, max_length=40)
    effects: dict[str, Effect] = Field(max_length=400)
    claims: Claims = Claims()

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        *lower, last = self.stages
        for name in lower:
            if self.stages[name].climb is None:
                raise ValueError(f"stages.{name}: climb is missing; only the last stage has none")
        if self.stages[last].climb is not None:
            raise ValueError(f"stages.{last}: nothing is above the last stage; take its climb out")
        if self.headline not in self.stages:
            raise ValueError(f"headline: there is no stage {self.headline!r}; there are {', '.join(self.stages)}")
        home: dict[str, str] = {}
        for name, channel in self.channels.items():
            for kind in channel.kinds:
                if home.setdefault(kind, name) != name:
                    raise ValueError(f"channels.{name}: {kind} counts in {home[kind]} already; take it out of one")
        self._effects_fit(lower)
        return self

    def _effects_fit(self, lower: list[str]) -> None:
        taken: dict[tuple[str, str, str], str] = {}
        for name, effect in self.effects.items():
            if effect.channel is None:
                continue
            if effect.channel not in self.channels:
                known = ", ".join(self.channels)
                raise ValueError(f"effects.{name}: there is no channel {effect.channel!r}; there are {known}")
            if effect.when == "reduced" and not self.channels[effect.channel].together:
                raise ValueError(f'effects.{name}: only what counts together can be reduced; write when = "lost"')
            for stage in effect.reaches:
                if stage not in (*lower, INCIDENTS):
                    known = ", ".join((INCIDENTS, *lower))
                    raise ValueError(f"effects.{name}: nothing climbs from {stage!r}; it can reach {known}")
                key = (effect.channel, effect.when, stage)
                if key in taken:
                    raise ValueError(f"effects.{name}: says the same as {taken[key]} of {stage}; take one out")
                taken[key] = name

    @property
    def asked(self) -> int:
        """The place of the headline's stage on the ladder."""
        return list(self.stages).index(self.headline)

    def channel_of(self, kind: str) -> int | None:
        """The place of the channel in which lines of a kind count; None where they count in none."""
        return next((i for i, channel in enumerate(self.channels.values()) if kind in channel.kinds), None)

    def entries(self) -> dict[str, Prior]:
        """Every belief that is used, by name, in the order in which the draws are made."""
        found: dict[str, Prior] = {"incidents.rate": self.incidents.rate}
        for name, stage in self.stages.items():
            if stage.climb:
                found[f"stages.{name}.climb"] = stage.climb
            found[f"stages.{name}.days"] = stage.days
        found |= {"states.limited": self.states.limited, "states.unknown": self.states.unknown}
        return found | {f"effects.{name}": e for name, e in self.effects.items() if e.channel}


def load(path: Path | str | None = None) -> Priors:
    """The shipped beliefs, with the entries of a file laid over them.

    Args:
        path: a TOML file; an entry of it replaces the shipped one of the same name, its stages the whole ladder.

    Raises:
        PriorsError: the file cannot be read, or an entry is wrong.

    Example:
        >>> load().effects["representation-lost"].value
        0.34
    """
    shipped = tomllib.loads(files("detente").joinpath("escalation/priors.toml").read_text("utf-8"))
    if path is None:
        return _checked(shipped, "priors.toml")
    own = _read(Path(path))
    return _checked(_over(shipped, own), Path(path).name)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PriorsError(f"{path.name}: it is larger than 1 MB, so it holds no priors; give another file")
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise PriorsError(f"{path}: it cannot be read ({error.strerror}); give the path of a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PriorsError(f"{path.name}: it is not TOML: {error}; see docs/risk.md for its form") from None


def _over(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The shipped tables with the entries of one's own instead of those of the same name."""
    found = dict(shipped)
    for name, table in own.items():
        merge = isinstance(table, dict) and isinstance(found.get(name), dict) and name != "stages"
        found[name] = found[name] | table if merge else table
    return found


def _checked(tables: dict[str, Any], name: str) -> Priors:
    effects = tables.get("effects")
    try:
        if isinstance(effects, dict):
            tables = tables | {"effects": {key: _inherited(key, effects) for key in effects}}
        return Priors.model_validate(tables)
    except ValidationError as error:
        raise PriorsError(f"{name}: {_told(error)}") from None
    except ValueError as error:
        raise PriorsError(f"{name}: {error}") from None


def _inherited(key: str, effects: dict[str, Any]) -> Any:
    """An effect with what it takes from its parents."""
    chain = [key]
    while isinstance(effects[chain[-1]], dict) and (parent := effects[chain[-1]].get("parent")) is not None:
        if parent in chain:
            circle = " > ".join((*chain[chain.index(parent) :], str(parent)))
            raise ValueError(f"effects.{key}: its parents go round in a circle, {circle}; take one parent out")
        if parent not in effects:
            raise ValueError(f"effects.{chain[-1]}: there is no effect {parent!r} to be its parent; name another")
        chain.append(parent)
    if not all(isinstance(effects[name], dict) for name in chain):
        return effects[key]
    found: dict[str, Any] = {}
    for name in reversed(chain):
        # A range of one's own stands instead of a parent's value and sd, and the other way about.
        own = effects[name]
        drop = {"value", "sd"} if "range" in own else {"range"} if {"value", "sd"} & own.keys() else set()
        found = {k: v for k, v in found.items() if k not in drop} | own
    return found


def _told(error: ValidationError) -> str:
    """The first thing that is wrong: which entry, what, and the cure."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in ("function-after", "Prior", "Effect"))
    where = f"{place}: " if place else ""
    match first["type"]:
        case "missing":
            return f"{where}it is missing; every entry needs it, see docs/risk.md"
        case "literal_error":
            return f"{where}{first['input']!r} is none; write {first['ctx']['expected']}"
        case "extra_forbidden":
            return f"{where}there is no such field; take it out"
        case "value_error":
            return where + str(first["ctx"]["error"])
        case _:
            return f"{where}{first['msg'][:1].lower()}{first['msg'][1:]}; you gave {str(first['input'])[:60]!r}"
