"""A local twin of Azure: what the gateway's Pulumi program needs of it, on this machine, without a subscription."""
