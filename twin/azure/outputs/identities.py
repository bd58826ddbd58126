"""Managed identities of a resource."""

from ..identity import PRINCIPAL, TENANT
from ..rules.proposal import Proposal, View
from .completion import Body, Circumstances, before


def complete_identity(proposal: Proposal, body: Body, circumstances: Circumstances, view: View) -> None:
    """Give each identity in the body its ids. A resource's own identity keeps its principal as long as it has one."""
    identity = body.get("identity")
    if not identity or str(identity.get("type", "")).lower() == "none":
        body.pop("identity", None)
        return
    if "systemassigned" in identity["type"].lower():
        identity["principalId"] = before(proposal, "identity", "principalId") or str(circumstances.new_id())
        identity["tenantId"] = TENANT
    users = identity.get("userAssignedIdentities") or {}
    known = {str(one.private.get("resourceId")).lower(): one for one in view.all(PRINCIPAL)}
    for resource_id in users:
        principal = known.get(resource_id.lower())
        users[resource_id] = before(proposal, "identity", "userAssignedIdentities", resource_id) or {
            "principalId": principal.name if principal else str(circumstances.new_id()),
            "clientId": principal.private["clientId"] if principal else str(circumstances.new_id()),
        }
