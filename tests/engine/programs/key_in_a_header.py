"""The account's key is written into the backend."""

from parts import backend, service
from pulumi_azure_native import apimanagement

KEY = "0123456789abcdef0123456789abcdef"

backend(
    "east",
    service(),
    credentials=apimanagement.BackendCredentialsContractArgs(header={"api-key": [KEY]}),
)
