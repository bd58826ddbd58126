"""Names and what follows them: variables, types, `a.b`, `a[b]`, `a?.b`."""

from functools import partial

from tree_sitter import Node

from . import types as t
from .calls import call
from .chains import received, step
from .code import Code, call_code, code
from .compiler import Compiler, expression, field
from .definitions import DEFINITIONS, FORBIDDEN_MEMBERS, NAMESPACES_NOT_YET
from .expr import Argument, Expr, MethodGroup, Namespace, Operand, TypeName, constant
from .members import Member, find, static_names
from .overloads import arguments
from .scope import context_of, variable_expr
from .scope import find as find_variable
from .type_names import is_known, unknown_type

_ROOTS = frozenset({"System", "Newtonsoft"})
CONTEXT = t.make("IProxyRequestContext")


@expression("identifier")
def identifier(compiler: Compiler, node: Node, _target: t.Type | None) -> Operand:
    name = compiler.text(node)
    found = find_variable(compiler.function, name)
    if found:
        return variable_expr(*found)
    if name == "context":
        return Expr(CONTEXT, context_of(compiler.function), never_null=True)
    if name in _ROOTS:
        return Namespace(name)
    if is_known(name):
        return TypeName(compiler.type(node))
    raise compiler.error(node, f"The name '{name}' does not exist in the current context")


@expression("predefined_type", "generic_name", "nullable_type", "array_type")
def type_name(compiler: Compiler, node: Node, _target: t.Type | None) -> Operand:
    return TypeName(compiler.type(node))


@expression("qualified_name")
def qualified(compiler: Compiler, node: Node, _target: t.Type | None) -> Operand:
    """`a.b` where the grammar took it for a type; blanked brackets leave an expression."""
    left = compiler.operand(field(node, "qualifier"))
    return member_of(compiler, node, left, field(node, "name"))


@expression("member_access_expression")
def member_access(compiler: Compiler, node: Node, _target: t.Type | None = None, *, called: bool = False) -> Operand:
    """`a.b`; before a call a method of that name goes before a property."""
    receiver_node, name_node = field(node, "expression"), field(node, "name")
    receiver = compiler.operand(receiver_node)
    conditional = is_conditional(compiler, receiver_node, name_node)
    return member_of(compiler, node, receiver, name_node, conditional=conditional, called=called)


def is_conditional(compiler: Compiler, receiver: Node, following: Node) -> bool:
    """Whether a `?` stood between the two before it was blanked out."""
    return any(receiver.end_byte <= mark < following.start_byte for mark in compiler.syntax.conditional)


def member_of(
    compiler: Compiler,
    node: Node,
    receiver: Operand,
    name_node: Node,
    *,
    conditional: bool = False,
    called: bool = False,
) -> Operand:
    """`receiver.name`: a property's value, a method group, a type in a namespace."""
    generic = name_node.type == "generic_name"
    name = compiler.text(name_node.named_children[0] if generic else name_node)
    type_args = tuple(compiler.type(child) for child in name_node.named_children[1].named_children) if generic else ()
    match receiver:
        case Namespace():
            return _in_namespace(compiler, node, f"{receiver.name}.{name}", type_args)
        case TypeName():
            return _static(compiler, name_node, receiver.type, name, type_args)
        case MethodGroup():
            raise compiler.error(node, f"'{receiver.name}' is a method, which is not valid in the given context")
    opened = _opened(receiver, conditional=conditional)
    if called and any(member.kind == "method" for member in find(opened.type, name, static=False)):
        return MethodGroup(name, opened.type, opened, type_args, conditional)
    return _instance(compiler, name_node, opened, name, type_args, conditional)


def _in_namespace(compiler: Compiler, node: Node, full: str, type_args: tuple[t.Type, ...]) -> Operand:
    short = t.short_name(full)
    if short:
        return TypeName(t.make(short, *type_args))
    there = (*(one.full_name for one in DEFINITIONS.values()), *NAMESPACES_NOT_YET)
    leads_on = full.count(".") < 2 or any(name.startswith(f"{full}.") for name in there)
    if leads_on and not is_known(full):
        return Namespace(full)
    raise compiler.error(node, unknown_type(full))


def _static(compiler: Compiler, node: Node, type: t.Type, name: str, type_args: tuple[t.Type, ...]) -> Operand:
    definition = DEFINITIONS.get(type.name)
    if definition and definition.members is not None and name in definition.members:
        return constant(type, definition.members[name])
    found = find(type, name, static=True)
    if found and found[0].kind == "property":
        return _static_value(compiler, found[0])
    if found:
        return MethodGroup(name, type, None, type_args)
    raise compiler.error(node, missing_member(type, name, static=True))


def _static_value(compiler: Compiler, member: Member) -> Expr:
    function = member.function
    if member.ambient:
        return Expr(member.returns, code("{}({})", function, context_of(compiler.function)))
    return constant(member.returns, function())


def missing_member(type: t.Type, name: str, *, static: bool = False) -> str:
    """Azure's words for a member that it forbids, C#'s for one that is not there (or not here yet)."""
    if (type.name, name) in FORBIDDEN_MEMBERS:
        return f"Usage of member '{name}' of type '{t.full_name(type)}' is not supported within expressions"
    if static and find(type, name, static=False):
        return f"An object reference is required for the non-static field, method, or property '{type}.{name}'"
    if not static and name in static_names(type):
        return (
            f"Member '{type}.{name}' cannot be accessed with an instance reference; qualify it with a type name instead"
        )
    return f"'{type}' does not contain a definition for '{name}' that the twin knows"


def _opened(receiver: Expr, *, conditional: bool) -> Expr:
    """What a `?.` looks into: of a nullable value the value."""
    if conditional and receiver.type.name == "?":
        return Expr(receiver.type.args[0], receiver, short=receiver.short)
    return receiver


def _instance(
    compiler: Compiler, node: Node, receiver: Expr, name: str, type_args: tuple[t.Type, ...], conditional: bool
) -> Operand:
    if receiver.type.name.startswith("<>"):
        return _anonymous_member(compiler, node, receiver, name, conditional)
    found = find(receiver.type, name, static=False)
    if not found:
        raise compiler.error(node, missing_member(receiver.type, name))
    if all(member.kind != "property" for member in found):
        return MethodGroup(name, receiver.type, receiver, type_args, conditional)
    member = next(member for member in found if member.kind == "property")
    binding: dict[str, t.Type] = {}
    t.unify(member.owner, receiver.type, binding)
    function = member.function
    if member.typed:
        function = partial(function, *(binding[name] for name in t.parameters_of(member.owner)))
    ambient = [context_of(compiler.function)] if member.ambient else []

    def read(value: Code) -> Code:
        if member.attribute:
            return code(f"{{}}.{member.attribute}", value)
        return call_code(function, *ambient, value)

    made = step(received(receiver, member, binding), read, conditional=conditional)
    short = conditional or receiver.short
    return Expr(t.substitute(member.returns, binding), made, short=short, never_null=member.never_null)


def _anonymous_member(compiler: Compiler, node: Node, receiver: Expr, name: str, conditional: bool) -> Expr:
    names = receiver.type.name[2:].split(",")
    if name not in names:
        raise compiler.error(node, f"'<anonymous type>' does not contain a definition for '{name}'")
    index = names.index(name)
    made = step(receiver, lambda value: code(f"{{}}.values[{index}]", value), conditional=conditional)
    return Expr(receiver.type.args[index], made, short=conditional or receiver.short)


@expression("element_access_expression")
def element_access(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    receiver_node, subscript = field(node, "expression"), field(node, "subscript")
    receiver = compiler.operand(receiver_node)
    if not isinstance(receiver, Expr):
        receiver = compiler.expression(receiver_node)
    conditional = is_conditional(compiler, receiver_node, subscript)
    return indexed(
        compiler, node, _opened(receiver, conditional=conditional), arguments(compiler, subscript), conditional
    )


def indexed(compiler: Compiler, node: Node, receiver: Expr, args: list[Argument], conditional: bool = False) -> Expr:
    """`receiver[args]`"""
    candidates = find(receiver.type, "[]", static=False)
    if not candidates:
        message = f"Cannot apply indexing with [] to an expression of type '{receiver.type}'"
        raise compiler.error(node, message)
    group = MethodGroup("this[]", receiver.type, receiver, (), conditional)
    return call(compiler, node, group, candidates, args)
