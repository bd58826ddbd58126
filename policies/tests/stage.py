"""A small stack made by hand, and the pack looking at it the way the engine lets it look."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from guardrails.pack import policies
from guardrails.registry import RULES
from pulumi_policy import (
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import PolicyCustomTimeouts, _NotApplicableError
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

BY_ID = {rule.id: rule for rule in RULES}
UNKNOWN = UNKNOWN_STRING_VALUE
OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
SERVICE_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/{}"
# What a preview's outputs hold of a resource whether the program asked for it or not: "not known yet".
COMPUTED = {
    "Backend": ("circuitBreaker", "pool", "url", "protocol", "credentials", "tls", "type", "name"),
    "ApiManagementService": ("sku", "customProperties", "gatewayUrl", "name", "type"),
    "Api": ("subscriptionRequired", "path", "name", "type"),
}


@dataclass(frozen=True)
class Asked:
    """A resource as a program asks for it; `depends` holds names of the resources each property comes from."""

    type: str
    name: str
    props: Mapping[str, Any]
    depends: Mapping[str, Sequence[str]] = field(default_factory=dict)
    depends_on: Sequence[str] = ()
    was_read: bool = False

    def but(self, *gone: str, **changes: Any) -> "Asked":
        """The same resource with other properties, and without some."""
        kept = {key: value for key, value in self.props.items() if key not in gone}
        return replace(self, props={**kept, **changes})

    def of(self, **depends: Sequence[str]) -> "Asked":
        """The same resource with properties computed from others, which a preview does not know."""
        unknown = {key: UNKNOWN for key in depends if key not in self.props or isinstance(self.props[key], str)}
        return replace(self, props={**self.props, **unknown}, depends={**self.depends, **depends})


@dataclass(frozen=True)
class Verdict:
    """What a rule said: findings as (resource, text), or why it could not decide, or why it does not apply."""

    findings: tuple[tuple[str, str], ...]
    undecided: str | None = None
    skipped: str | None = None

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.findings]


def judge(
    rule_id: str,
    *resources: Asked,
    config: Mapping[str, Any] | None = None,
    preview: bool = False,
    stack: str = "dev",
    remembers: bool = True,
) -> Verdict:
    """What the rule says of the stack; `remembers=False` is a run in which every resource rule is switched off."""
    rule, watcher = policies([BY_ID[rule_id], BY_ID["apim-breaker-watches-429"]])
    found: list[tuple[str, str]] = []

    def validate(args: Any, policy: Any, name: str) -> Verdict:
        try:
            policy.validate(args, lambda text, urn=None: found.append(((urn or name).split("::")[-1], text)))
        except UnknownValueError as unknown:
            return Verdict(tuple(found), undecided=unknown.message)
        except _NotApplicableError as skipped:
            return Verdict(tuple(found), skipped=skipped.reason)
        return Verdict(tuple(found))

    if isinstance(rule, ResourceValidationPolicy):
        verdicts = [validate(_resource_args(each, stack, config), rule, each.name) for each in resources]
        undecided = [verdict.undecided for verdict in verdicts if verdict.undecided]
        skipped = [verdict.skipped for verdict in verdicts if verdict.skipped]
        return Verdict(tuple(found), next(iter(undecided), None), next(iter(skipped), None))
    assert isinstance(rule, StackValidationPolicy)
    for each in resources:
        if remembers and not each.was_read:
            with contextlib.suppress(UnknownValueError, _NotApplicableError):
                watcher.validate(_resource_args(each, stack, None), lambda *_: None)  # type: ignore[attr-defined]
    return validate(StackValidationArgs(_in_stack(resources, stack, preview), config), rule, "stack")


def judge_by_all(resources: Sequence[Asked], preview: bool) -> list[str]:
    """What all rules together say; raises whatever a rule raises that the SDK would not take for an answer."""
    pack, texts = policies(RULES), []
    asked = [_resource_args(each, "dev", None) for each in resources]
    stack = StackValidationArgs(_in_stack(resources, "dev", preview))
    for policy in pack:
        for args in asked if isinstance(policy, ResourceValidationPolicy) else [stack]:
            with contextlib.suppress(UnknownValueError, _NotApplicableError):
                policy.validate(args, lambda text, _=None: texts.append(text))  # type: ignore[attr-defined]
    return texts


def fails(rule_id: str, *resources: Asked, **how: Any) -> str:
    """The one thing the rule finds; the test fails when it finds nothing or more."""
    verdict = judge(rule_id, *resources, **how)
    if len(verdict.findings) != 1:
        pytest.fail(f"{rule_id} should find one thing: {verdict}")
    return verdict.findings[0][1]


def passes(rule_id: str, *resources: Asked, **how: Any) -> bool:
    """Whether the rule looked and found nothing."""
    verdict = judge(rule_id, *resources, **how)
    return not verdict.findings and verdict.undecided is None


def urn_of(asked: Asked, stack: str) -> str:
    return f"urn:pulumi:{stack}::apim-ai-gateway::{asked.type}::{asked.name}"


def _resource_args(asked: Asked, stack: str, config: Mapping[str, Any] | None) -> ResourceValidationArgs:
    props = unknown_checking_proxy(dict(asked.props))
    return ResourceValidationArgs(asked.type, props, urn_of(asked, stack), asked.name, OPTIONS, None, config)


def outputs(asked: Asked, preview: bool) -> dict[str, Any]:
    """What the engine shows to stack rules: no names of the path; in a preview "unknown" for what is not set."""
    in_path = ("resourceGroupName", "serviceName", "backendId", "apiId", "operationId", "accountName", "policyId")
    shown = {key: value for key, value in asked.props.items() if key not in (*in_path, "type")}
    kind = asked.type.split(":")[-1]
    if preview and not asked.was_read:
        return {**dict.fromkeys(COMPUTED.get(kind, ("name", "type")), UNKNOWN), **shown}
    own = next((asked.props[key] for key in reversed(in_path) if key in asked.props and key != "policyId"), asked.name)
    names = {"Backend": "backendId", "Api": "apiId", "ApiManagementService": "serviceName", "Account": "accountName"}
    return {**shown, "name": asked.props.get(names.get(kind, ""), own), "type": f"Microsoft.Something/{kind}"}


def _in_stack(resources: Sequence[Asked], stack: str, preview: bool) -> list[PolicyResource]:
    shown = {
        (each.type, each.name): PolicyResource(
            each.type,
            unknown_checking_proxy(outputs(each, preview)),
            urn_of(each, stack),
            each.name,
            OPTIONS,
            None,
            None,
            [],
            {},
        )
        for each in resources
    }
    for each in resources:
        me = shown[each.type, each.name]
        me.property_dependencies = {key: _called(names, shown.values()) for key, names in each.depends.items()}
        me.dependencies = _called(
            [*each.depends_on, *(name for names in each.depends.values() for name in names)], shown.values()
        )
    return list(shown.values())


def _called(names: Sequence[str], resources: Iterable[PolicyResource]) -> list[PolicyResource]:
    return [resource for resource in resources if resource.name in names]
