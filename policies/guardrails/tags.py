"""Tags; the only rule of the pack that can mend what it finds."""

from collections.abc import Mapping
from typing import Any

from guardrails.kinds import ACCOUNT, SERVICE
from guardrails.reading import Resource
from guardrails.rule import ADVISORY, LOW, Finding, Setting, learn, resource_rule

TAGGED = (
    "resources:ResourceGroup",
    SERVICE,
    ACCOUNT,
    "applicationinsights:Component",
    "insights:Component",
    "operationalinsights:Workspace",
    "managedidentity:UserAssignedIdentity",
    "keyvault:Vault",
    "eventgrid:SystemTopic",
    "monitor:MetricAlert",
    "monitor:ScheduledQueryRule",
    "monitor:ActionGroup",
)


def add_tags(resource: Resource, props: Any, tags: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The resource's properties with the missing tags; None when none is missing or its tags are not known yet.

    They are written into the SDK's own view of the properties, which keeps secrets secret. That view shows what is
    unknown as a plain string (it has no unknown-checking proxy), which the engine knows again.
    """
    present = resource.props.at("tags").value
    missing = _missing(resource, tags)
    if isinstance(present, str) or not missing:
        return None
    filled = {tag: tags[tag].format(stack=resource.stack, project=resource.project) for tag in missing}
    if isinstance(present, Mapping):
        for tag, value in filled.items():
            props["tags"][tag] = value
    else:
        props["tags"] = filled
    return props


@resource_rule(
    "azure-resource-has-tags",
    TAGGED,
    ADVISORY,
    LOW,
    says="Every resource that can has the agreed tags: else nobody can say who pays for it and who may delete it.",
    fix="Add them to the resource's tags, or set this rule's enforcementLevel to remediate, which adds them.",
    link=learn("azure-resource-manager/management/tag-resources"),
    settings={
        "tags": Setting(
            {"environment": "{stack}", "project": "{project}"},
            "The tags demanded, and the values that remediation gives them ({stack} and {project} are filled in).",
        )
    },
    remediate=add_tags,
)
def has_tags(resource: Resource, tags: Mapping[str, str]) -> Finding:
    missing = _missing(resource, tags)
    return f"it has no tag {' and no tag '.join(map(repr, missing))}" if missing else None


def _missing(resource: Resource, tags: Mapping[str, str]) -> list[str]:
    present = {key.lower() for key in resource.props.keys("tags")}  # Azure ignores the case of a tag's name
    return [tag for tag in tags if tag.lower() not in present]
