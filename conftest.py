"""How tests run: property-based ones search the same examples each time, without a deadline, since machines differ in
speed; and Python's garbage collector leaves alone what stays anyway.

`pytest --hypothesis-profile=thorough` searches longer, and elsewhere each time.
"""

import gc

from hypothesis import settings

settings.register_profile("steady", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("steady")

# Modules, models and thousands of tests are there until the end. To look through them every 700 objects, which is
# Python's default, was an eighth of the processor time of the units.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_finish() -> None:
    gc.freeze()
