"""What losing or reopening a line does to the odds that an incident gets out of hand.

What always holds: association, never cause; a figure comes with its interval and the source of every prior.
"""
