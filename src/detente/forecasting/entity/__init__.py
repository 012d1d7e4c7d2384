"""What comes next: who will be the object of an act, learnt from the history of all acts.

What always holds: nothing in this package reads the day that it is asked about; every count that enters a score is of
earlier days, and weights are fitted on the training days only. The modules, in the order in which data flow:

    facts      reading (subject, relation, object, day) rows and names
    traits     country and sector of an entity, from its name or its earlier partners
    history    counters of the past, decayed at five speeds, rolled forward a day at a time
    patterns   contributions that cross from one relation or neighbour to another
    evidence   for a query: the candidates, and for each candidate what the past says of it
    scorer     weights over the evidence: a small network, or an exactly additive sum
    training   fitting those weights
    ranking    ranks with the time-aware filter, and the figures made of them
    recurrency the baseline that a forecaster must beat
    entity     all of it together: `run(facts, setting)`
"""

from detente.forecasting.entity.facts import Facts, read_facts
from detente.forecasting.entity.forecaster import Outcome, Setting, run

__all__ = ["Facts", "Outcome", "Setting", "read_facts", "run"]
