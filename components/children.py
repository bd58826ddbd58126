"""What the resources inside a component have in common."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import pulumi


class OnService(TypedDict):
    """The service that a resource is in, as every resource of API Management takes it."""

    resource_group_name: pulumi.Input[str]
    service_name: pulumi.Input[str]


def on_service(inputs: Mapping[str, Any]) -> OnService:
    return OnService(resource_group_name=inputs["resource_group_name"], service_name=inputs["service_name"])


def child(
    parent: pulumi.Resource,
    *,
    depends_on: Sequence[pulumi.Input[pulumi.Resource]] = (),
    delete_before_replace: bool = False,
) -> pulumi.ResourceOptions:
    """Options of a resource inside `parent`, whose provider and protection it inherits.

    The provider deletes a resource with an explicit name before it makes the replacement. In a gateway this would take
    a pool away while the policy still names it, which Azure refuses, and while callers use it. A replacement here has
    another id in Azure, so the new one is made first, whatever refers to it moves over, and the old one goes last.

    There is no `deleted_with` the service: when a delete of the service fails, Pulumi would have forgotten what still
    exists inside, and the next deployment could not make it again.
    """
    return pulumi.ResourceOptions(
        parent=parent, depends_on=list(depends_on), delete_before_replace=delete_before_replace
    )
