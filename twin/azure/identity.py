"""Who the twin's one directory knows: its subscription, its tenant, and who deploys. All are made up."""

from typing import Final

SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000001"
TENANT: Final = "00000000-0000-0000-0000-000000000002"
CLIENT: Final = "00000000-0000-0000-0000-000000000003"
DEPLOYER: Final = "00000000-0000-0000-0000-000000000004"

# The token, in the store, of a principal of the directory that belongs to no resource there.
PRINCIPAL: Final = "directory:Principal"
