"""Who will be the object of an act, learnt from the history of all acts.

What always holds: nothing in this package reads the day that it is asked about; every count that enters a score is of
earlier days, and weights are fitted on the training days only. The modules, in the order in which data flow:

    facts      reading (subject, relation, object, day) rows and names
    traits     country and sector of an entity, from its name or its earlier partners
    table      counters by (row, column), decayed at five speeds
    history    all the counters of the past, rolled forward a day at a time
    patterns   contributions that cross from one relation or neighbour to another
    groups     what countries and sectors tell
    likeness   who is like whom, from low-rank embeddings of recent contacts
    evidence   for a query: the candidates, and for each candidate what the past says of it
    scorer     weights over the evidence: a small network, or an exactly additive sum
    training   fitting those weights
    forecaster all of it together: `Forecaster`, and `run(facts, setting)` for a benchmark
    ranking    ranks with the time-aware filter, and the figures made of them
    recurrency the baseline that a forecaster must beat
    forgetting the history without some of its events
    explaining which past events speak for a candidate, and how much
    whom       "whom will it expel next", from an event history
"""

from detente.forecasting.entity.facts import Facts, read_facts
from detente.forecasting.entity.forecaster import Outcome, Setting, run

__all__ = ["Facts", "Outcome", "Setting", "read_facts", "run"]
