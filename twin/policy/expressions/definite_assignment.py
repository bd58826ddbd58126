"""Local variables that are read before they have a value, which C# refuses.

https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/variables#94-definite-assignment

Where C#'s rules look into conditions (`a && int.TryParse(s, out x)`) every assignment counts, so code that C# takes is
never refused here.
"""

from tree_sitter import Node

from .compiler import field, named

Names = frozenset[str]
_LOOPS = frozenset({"while_statement", "for_statement", "foreach_statement"})
_JUMPS = frozenset({"return_statement", "throw_statement", "break_statement", "continue_statement"})
_APART = frozenset({"local_function_statement", "lambda_expression", "anonymous_method_expression"})


class Unassigned(Exception):
    """A variable's name, where it is read too early."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.node = node


class Flow:
    """What is declared without a value around some place, and what of that surely has one by then."""

    def __init__(self) -> None:
        self.declared: set[str] = set()

    def after(self, node: Node, assigned: Names) -> Names:
        """The variables that have a value behind a statement; all of them where its end is never reached."""
        match node.type:
            case "block" | "switch_section":
                return self._block(node, assigned)
            case "local_declaration_statement":
                return self._declaration(node, assigned)
            case "if_statement":
                return self._if(node, assigned)
            case "do_statement":
                return self.read(field(node, "condition"), self.after(field(node, "body"), assigned))
            case kind if kind in _LOOPS:
                return self._loop(node, assigned)
            case "switch_statement":
                return self._switch(node, assigned)
            case "try_statement":
                return self._try(node, assigned)
            case kind if kind in _JUMPS:
                self.read(node, assigned)
                return frozenset(self.declared)
        return self.read(node, assigned)

    def _block(self, node: Node, assigned: Names) -> Names:
        around = set(self.declared)
        for child in named(node):
            assigned = self.after(child, assigned)
        self.declared = around
        return assigned & around if node.type == "block" else assigned

    def _declaration(self, node: Node, assigned: Names) -> Names:
        declaration = next(child for child in named(node) if child.type == "variable_declaration")
        for declarator in (child for child in named(declaration) if child.type == "variable_declarator"):
            assigned = self.read(declarator, assigned)
            if len(named(declarator)) == 1 and (name := (declarator.text or b"").decode()):
                self.declared.add(name)
                assigned = assigned - {name}
        return assigned

    def _if(self, node: Node, assigned: Names) -> Names:
        condition, otherwise = field(node, "condition"), node.child_by_field_name("alternative")
        tested = self.read(condition, assigned)
        yes = no = frozenset(self.declared)  # what is never executed leaves nothing without a value
        if condition.text != b"false":
            yes = self.after(field(node, "consequence"), tested)
        if condition.text != b"true":
            no = self.after(otherwise, tested) if otherwise else tested
        return yes & no

    def _loop(self, node: Node, assigned: Names) -> Names:
        body, condition = field(node, "body"), node.child_by_field_name("condition")
        updates = node.children_by_field_name("update")
        for child in named(node):
            if child != body and child not in updates:
                assigned = self.read(child, assigned)
        around = self.after(body, assigned)
        for update in updates:
            self.read(update, around)
        endless = node.type != "foreach_statement" and (condition is None or condition.text == b"true")
        return around if endless else assigned

    def _switch(self, node: Node, assigned: Names) -> Names:
        assigned = self.read(field(node, "value"), assigned)
        sections = [child for child in named(field(node, "body")) if child.type == "switch_section"]
        ends = [self._ended(section, assigned) for section in sections]
        has_default = any(child.type == "default" for section in sections for child in section.children)
        return frozenset(self.declared).intersection(*ends) if has_default else assigned

    def _ended(self, section: Node, assigned: Names) -> Names:
        """What has a value where a section is left by its last `break`."""
        for child in named(section):
            if child.type == "break_statement":
                return assigned
            assigned = self.after(child, assigned)
        return assigned

    def _try(self, node: Node, assigned: Names) -> Names:
        ends = [self.after(field(node, "body"), assigned)]
        ends += [self.after(field(child, "body"), assigned) for child in named(node) if child.type == "catch_clause"]
        last = [named(child)[0] for child in named(node) if child.type == "finally_clause"]
        behind = self.after(last[0], assigned) if last else assigned
        return frozenset.intersection(*ends) | behind

    def read(self, node: Node, assigned: Names) -> Names:
        """The same behind an expression. Raises Unassigned at a variable that is read and may have no value."""
        if not self.declared - assigned:
            return assigned
        if node.type == "identifier":
            name = (node.text or b"").decode()
            if name in self.declared and name not in assigned and _is_read(node):
                raise Unassigned(node)
            return assigned
        if node.type in _APART:
            return assigned | _targets(node)
        if node.type == "invocation_expression" and field(node, "function").text == b"nameof":
            return assigned
        left = node.child_by_field_name("left") if node.type == "assignment_expression" else None
        simple = left is not None and left.type == "identifier" and any(child.type == "=" for child in node.children)
        for child in named(node):
            if not (simple and child == left):
                assigned = self.read(child, assigned)
        return assigned | _targets(node, deep=False)


def _is_read(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "argument":
        return not any(child.type == "out" for child in parent.children) and parent.child_by_field_name("name") != node
    return parent.child_by_field_name("name") != node and not (
        node.next_sibling is not None and node.next_sibling.type == "=" and parent.type.startswith("anonymous")
    )


def _targets(node: Node, *, deep: bool = True) -> Names:
    """The names that a node assigns, by `=` or as an `out` argument."""
    found: set[str] = set()
    operator = any(child.type == "=" for child in node.children)
    if node.type == "assignment_expression" and operator:
        found.add((field(node, "left").text or b"").decode())
    if node.type == "argument" and any(child.type == "out" for child in node.children):
        found.add((named(node)[-1].text or b"").decode())
    for child in named(node) if deep else ():
        found |= _targets(child)
    return frozenset(found)
