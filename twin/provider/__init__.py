"""The twin's stand-in for pulumi-resource-azure-native: the engine's provider protocol on one side, ARM on the other.

It sends the requests that the real provider (pulumi-azure-native v3) sends, in the same order, and keeps the same
state. It only ever talks to this machine.
"""
