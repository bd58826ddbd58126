"""Which policies act on a call: an operation's, its API's and the service's, joined by `<base/>`, with fragments."""

from collections.abc import Callable
from functools import partial

from guardrails.documents import SECTIONS, Element, read, written
from guardrails.kinds import (
    API_POLICIES,
    APIS,
    BACKENDS,
    FRAGMENTS,
    OPERATION_POLICIES,
    SERVICE_POLICY,
    WORKSPACE_POLICY,
    in_workspace,
    is_pool,
)
from guardrails.members import members
from guardrails.reading import Resource, any_true
from guardrails.stack import Placed, Stack

# What stands for policies whose text is not in this stack: it may do anything, so nobody is accused for its absence.
UNSEEN = Element("unseen", {}, 0)
Has = Callable[[Resource], bool]  # a question about one policy; it may raise UnknownValueError


def policies_of(api: Placed) -> list[Resource]:
    return api.stack.referring(API_POLICIES, "apiId", api.resource)


def operation_policies_of(api: Placed) -> list[Resource]:
    return api.stack.referring(OPERATION_POLICIES, "apiId", api.resource)


def policies_around(one: Placed, kind: str) -> list[Resource]:
    """The policies of the service, or of the workspace, that the resource lives in."""
    if kind == WORKSPACE_POLICY and not in_workspace(one.resource):
        return []
    return [policy for policy in one.stack.of(kind) if not one.stack.apart(policy, one.resource)]


def holds_for(policy: Placed, has: Has, *, unseen: bool) -> bool:
    """Whether the policy, or one of the outer scopes that its `<base/>` lets act, has it.

    `unseen` is the answer for scopes that this stack does not hold, such as those of a service made elsewhere.
    """
    outer = partial(_holds_outside, policy, has, unseen)
    return any_true([partial(has, policy.resource), lambda: keeps_base(policy.resource) and outer()])


def holds_on(api: Placed, has: Has, *, unseen: bool) -> bool:
    """Whether a policy that acts on every operation of the API has it."""
    own = [partial(holds_for, Placed(policy, api.stack), has, unseen=unseen) for policy in policies_of(api)]
    return any_true(own or [partial(_holds_service_wide, api, has, unseen)])


def _holds_outside(policy: Placed, has: Has, unseen: bool) -> bool:
    if policy.resource.kind == SERVICE_POLICY:
        return False
    if policy.resource.kind in OPERATION_POLICIES:
        api = policy.stack.referred(policy.resource, "apiId", APIS)
        return holds_on(Placed(api, policy.stack), has, unseen=unseen) if api else unseen
    return _holds_service_wide(policy, has, unseen)


def _holds_service_wide(one: Placed, has: Has, unseen: bool) -> bool:
    of_service = policies_around(one, SERVICE_POLICY)
    asked = [partial(has, policy) for policy in (*policies_around(one, WORKSPACE_POLICY), *of_service)]
    # A new service has Azure's empty policy.
    answer = unseen and not of_service and not (one.service and one.service.props.is_asked)
    return any_true([lambda: answer, *asked])


def keeps_base(policy: Resource) -> bool:
    """Whether the outer scopes' inbound section still acts."""
    root = read(policy)
    inbound = root and next((section for section in root.children if section.tag == "inbound"), None)
    return inbound is None or any(step.tag == "base" for step in inbound.children)


def steps(policy: Resource, stack: Stack) -> list[Element]:
    """The elements directly in the inbound section (or in the fragment), fragments of the stack unfolded."""
    root = read(policy)
    if root is None:
        return [UNSEEN] if written(policy) is None else []
    here = root.children if root.tag not in ("policies", *SECTIONS) else root.inside("inbound").children
    return [unfolded for step in here for unfolded in _unfolded(step, policy, stack)]


def _unfolded(step: Element, policy: Resource, stack: Stack) -> list[Element]:
    if step.tag != "include-fragment":
        return [step]
    # Azure knows no fragments in fragments; following them could lead in circles.
    inside = policy.kind in FRAGMENTS
    fragment = None if inside else stack.named(FRAGMENTS, step.attributes.get("fragment-id", ""), policy)
    return steps(fragment, stack) if fragment else [UNSEEN]


def named_backends(policy: Placed) -> list[tuple[Element, str]]:
    """The `<set-backend-service>` elements that name a backend outright, with its id."""
    root = read(policy.resource)
    found = [
        (element, element.attributes.get("backend-id", ""))
        for element in (root.every("set-backend-service") if root else ())
    ]
    return [(element, id_) for element, id_ in found if id_ and not id_.startswith("@") and "{{" not in id_]


def reached(policy: Placed) -> list[Resource]:
    """The single backends of the stack that the policy sends calls to, by itself or through a pool."""
    named = (policy.stack.named(BACKENDS, id_, policy.resource) for _, id_ in named_backends(policy))
    found: list[Resource] = []
    for backend in named:
        if backend is not None and is_pool(backend):
            found += [member.backend for member in members(Placed(backend, policy.stack)) if member.backend]
        elif backend is not None:
            found.append(backend)
    return found
