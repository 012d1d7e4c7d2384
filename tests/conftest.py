"""What holds for all tests."""

from hypothesis import settings

# No test is timed: how long one example takes says how busy the machine is.
settings.register_profile("detente", deadline=None)
settings.load_profile("detente")
