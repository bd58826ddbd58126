"""Rules for Azure API Management in front of Azure OpenAI, as a Pulumi policy pack.

A rule is one small function and its record (rule.py). The families backends, breakers, pools, services, apis,
policy_documents, diagnostics, access, accounts and tags hold them; registry.py lists them all.
"""
