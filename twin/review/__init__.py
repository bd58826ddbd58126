"""What a change of a deployment means: what differs, who may be affected, and what becomes of the failover. Pure."""
