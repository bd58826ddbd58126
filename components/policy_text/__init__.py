"""The parts that components/policy.py and components/existing_policy.py are made of. All of it is pure."""
