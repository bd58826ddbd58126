"""Named subscriptions of the API: each team or application that calls it has a key of its own."""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import apimanagement

from .children import OnService, child
from .lookups import look_up

GONE = (
    "If it was deleted outside of Pulumi, `pulumi up --refresh` makes it again, with new keys."
    " If it exists, let the identity that deploys read its keys"
)


def make_subscriptions(
    prefix: str, names: Sequence[str], *, on: OnService, scope: pulumi.Input[str], parent: pulumi.Resource
) -> pulumi.Output[dict[str, str]]:
    """Make a subscription to `scope`, an API's id, for each name. Returns their primary keys by name, as a secret."""
    keys: dict[str, pulumi.Output[str]] = {}
    for name in names:
        made = apimanagement.Subscription(
            f"{prefix}-{name}",
            sid=name,
            **on,
            display_name=name,
            scope=scope,
            state=apimanagement.SubscriptionState.ACTIVE,  # else it waits for somebody to approve it
            allow_tracing=False,
            opts=child(parent),
        )
        keys[name] = _primary_key(made, on, parent)
    return pulumi.Output.secret(pulumi.Output.all(**keys) if keys else {})  # all() of nothing would be a list


def _primary_key(
    subscription: apimanagement.Subscription, on: OnService, parent: pulumi.Resource
) -> pulumi.Output[str]:
    # The name is an output of what is made: with inputs alone the key would be read in the preview, before it exists.
    asked = {
        "sid": subscription.name,
        "serviceName": on["service_name"],
        "resourceGroupName": on["resource_group_name"],
    }
    return look_up(
        "subscriptions: the key of",
        "apimanagement:listSubscriptionSecrets",
        apimanagement.ListSubscriptionSecretsResult,
        asked,
        parent=parent,
        advice=GONE,
    ).primary_key
