"""How property-based tests search: the same examples each time, and no deadline, since machines differ in speed.

`pytest --hypothesis-profile=thorough` searches longer, and elsewhere each time.
"""

from hypothesis import settings

settings.register_profile("steady", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("steady")
