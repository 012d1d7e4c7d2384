"""What comes next: what one party does to another, whether it answers, and on what that rests.

What always holds: nothing in this package reads a day later than the one that it is asked about; a probability comes
with its base rate, and where nothing is known that is said. The sub-package ``entity`` ranks who will be the object of
an act.
"""
