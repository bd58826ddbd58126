"""Rules as the SDK's policies: who is judged, what is reported, what cannot be decided yet."""

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from guardrails.reading import Node, Resource, kind_of
from guardrails.rule import EXCLUDE, Rule, camel_case
from guardrails.stack import Placed, Stack

Asked = dict[str, Mapping[str, Any]]
Report = Callable[[Resource, str], None]


def policies(rules: Iterable[Rule]) -> list[Policy]:
    """The SDK's policies for these rules, in their order.

    Stack rules get the resources' *outputs* from the engine, and a preview's outputs hold "unknown" also where the
    program asked for nothing: a backend without a circuit breaker looks there as if it might get one. The inputs that
    the resource rules saw before, in the same run of the pack, tell the two apart; `asked` keeps them.
    """
    asked: Asked = {}
    return [_stack_policy(rule, asked) if rule.whole_stack else _resource_policy(rule, asked) for rule in rules]


def _resource_policy(rule: Rule, asked: Asked) -> Policy:
    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        asked[args.urn] = args.props
        resource = Resource(args.urn, kind_of(args.resource_type), args.name, Node(args.props))
        if resource.kind not in rule.kinds:
            args.not_applicable(f"only for {', '.join(rule.kinds)}")
        unknown = _judge(rule, [(resource, resource)], args.get_config(), lambda _, text: report_violation(text, None))
        _admit(rule, unknown, args)

    def remediate(args: ResourceValidationArgs) -> Any:
        resource = Resource(args.urn, kind_of(args.resource_type), args.name, Node(args.props))
        if rule.remediate is None or resource.kind not in rule.kinds or _excluded(resource, args.get_config()):
            return None
        return rule.remediate(resource, args.props, **rule.configured(args.get_config()))

    more = {"remediate": remediate} if rule.remediate else {}
    return ResourceValidationPolicy(validate=validate, **more, **_metadata(rule))


def _stack_policy(rule: Rule, asked: Asked) -> Policy:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        stack = Stack([_in_stack(resource, asked) for resource in args.resources])
        subjects = [(resource, Placed(resource, stack)) for resource in stack.of(rule.kinds)]
        if not subjects:
            args.not_applicable(f"only for {', '.join(rule.kinds)}")
        unknown = _judge(rule, subjects, args.get_config(), lambda of, text: report_violation(text, of.urn))
        _admit(rule, unknown, args)

    return StackValidationPolicy(validate=validate, **_metadata(rule))


def _metadata(rule: Rule) -> dict[str, Any]:
    settings = {**rule.settings, "exclude": EXCLUDE}
    return {
        "name": rule.id,
        "description": rule.says,
        "enforcement_level": rule.level,
        "severity": rule.severity,
        "remediation_steps": rule.fix,
        "url": rule.link,
        "config_schema": PolicyConfigSchema({camel_case(name): it.schema() for name, it in settings.items()}),
    }


def _in_stack(resource: PolicyResource, asked: Asked) -> Resource:
    inputs = asked.get(resource.urn)
    # Only inputs name the resource group; so does a state or a recorded program that was handed over as it is.
    was_asked = inputs is not None or "resourceGroupName" in iter(resource.props)
    depends = {key: [source.urn for source in sources] for key, sources in resource.property_dependencies.items()}
    return Resource(
        resource.urn,
        kind_of(resource.resource_type),
        resource.name,
        Node(resource.props if inputs is None else inputs, asked=was_asked),
        depends,
        [source.urn for source in resource.dependencies],
    )


def _judge(
    rule: Rule, subjects: Iterable[tuple[Resource, Any]], config: Mapping[str, Any], report: Report
) -> UnknownValueError | None:
    """Report every finding; what cannot be decided must not hide what can. Returns the first unknown value met."""
    settings, first_unknown = rule.configured(config), None
    for resource, subject in subjects:
        if _excluded(resource, config):
            continue
        for finding in _findings(rule, subject, settings):
            if isinstance(finding, UnknownValueError):
                first_unknown = first_unknown or UnknownValueError(
                    finding.unknown_type_sentinel, [resource.label, *finding.props]
                )
            else:
                report(resource, f"{resource.label}: {finding}. {rule.fix}")
    return first_unknown


def _findings(rule: Rule, subject: Any, settings: Mapping[str, Any]) -> Iterator[str | UnknownValueError]:
    parts: Iterator[Any] = iter(())
    try:
        parts = iter(rule.each(subject))
    except UnknownValueError as unknown:
        yield unknown
    while True:
        try:
            part = next(parts)
            finding = rule.check(part, **settings)
        except StopIteration:
            return
        except UnknownValueError as unknown:
            yield unknown
        else:
            if finding:
                yield finding


def _admit(rule: Rule, unknown: UnknownValueError | None, args: ResourceValidationArgs | StackValidationArgs) -> None:
    """Say that something could not be decided: for a mandatory rule as an advisory (the SDK makes it of the error)."""
    if unknown is None:
        return
    if rule.level is EnforcementLevel.MANDATORY:
        raise unknown
    args.not_applicable(unknown.message)


def _excluded(resource: Resource, config: Mapping[str, Any]) -> bool:
    patterns = config.get("exclude", EXCLUDE.default)
    return any(fnmatch.fnmatchcase(text, pattern) for pattern in patterns for text in (resource.name, resource.urn))
