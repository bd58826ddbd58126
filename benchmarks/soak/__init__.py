"""`make soak`: the twin under load for minutes while its accounts break and heal. Nothing may be lost, or left behind.

Half of the calls that the machine could carry, each with an id of its own; a fault every few seconds. At the end each
call has one answer, no account has answered one twice, and memory, tasks and descriptors are what they were.
"""
