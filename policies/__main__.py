from guardrails.registry import NAME, POLICIES
from pulumi_policy import PolicyPack

PolicyPack(NAME, POLICIES)
