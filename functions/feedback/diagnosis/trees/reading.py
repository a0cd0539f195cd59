"""Reads a program with tree-sitter and gives it the vocabulary of `tree`. The grammars are loaded when first needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from functions.feedback.diagnosis.trees.grammar import (
    DROPPED,
    KINDS,
    LEAF,
    PLAIN,
    RENAMED,
    SIGNED,
    WITH_VALUE,
    Roles,
    parser,
)
from functions.feedback.diagnosis.trees.tree import Node, Tree

if TYPE_CHECKING:
    import tree_sitter

LONGEST = 20_000
"""Characters of a program; beyond them it is not read."""


def read(code: str, entry: str, language: str) -> Tree | None:
    """The program's tree; None for one that is too long, nested too deeply, that the grammar does not read, or for no
    such language."""
    if language not in {"javascript", "typescript", "go"} or not code.strip() or len(code) > LONGEST:
        return None
    parsed = parser(language).parse(code.encode("utf-8", "replace"))
    if parsed.root_node.has_error:
        return None
    try:
        root = _Reader(language).node(parsed.root_node)
    except RecursionError:
        return None
    return Tree(root, language, entry, _functions(root))


def _functions(root: Node) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for node in root.parts:
        match node:
            case Node(kind="function", sign=name) if name:
                found[name] = node
            case Node(
                kind="declare", roles={"target": Node(kind="name", sign=name), "value": Node(kind="function") as made}
            ):
                made.sign = made.sign or name
                found[name] = made
            case Node(kind="declares", parts=parts):
                found |= _functions(Node("block", 0, "", parts=parts))
            case _:
                continue
    return found


class _Reader:
    def __init__(self, language: str) -> None:
        self.go = language == "go"

    def node(self, raw: tree_sitter.Node) -> Node:
        kind = raw.type
        if kind in PLAIN:
            inner = raw.child_by_field_name("declaration") or self._first(raw)
            return self.node(inner) if inner is not None else self._made(raw, "other")
        own: Callable[[tree_sitter.Node], Node] | None = getattr(self, f"_{kind}", None)
        if own is not None:
            return own(raw)
        if kind in KINDS:
            return self._of_roles(raw, *KINDS[kind])
        if kind in SIGNED:
            return self._signed(raw, *SIGNED[kind])
        return self._plain(raw, RENAMED.get(kind, "other"))

    def _of_roles(self, raw: tree_sitter.Node, made: str, roles: Roles) -> Node:
        node = self._made(raw, made)
        self._fill(node, raw, roles)
        if made == "member":
            name = raw.child_by_field_name("property") or raw.child_by_field_name("field")
            node.sign = _text(name) if name is not None else ""
            if raw.child_by_field_name("optional_chain") is not None:
                node.flags = frozenset({"optional"})
        if made == "assign":
            sign = raw.child_by_field_name("operator")
            node.sign = _text(sign) if sign is not None else "="
        return node

    def _signed(self, raw: tree_sitter.Node, made: str, roles: Roles) -> Node:
        node = self._made(raw, made)
        self._fill(node, raw, {"value": "operand"} if self.go and made == "unary" else roles)
        sign = raw.child_by_field_name("operator")
        node.sign = _text(sign) if sign is not None else ""
        if made == "assign" and raw.text is not None and raw.text[:2] in (b"++", b"--"):
            node.flags = frozenset({"prefix"})
        return node

    def _plain(self, raw: tree_sitter.Node, made: str) -> Node:
        node = self._made(raw, made)
        if made in LEAF:
            node.sign = node.text
        elif made in WITH_VALUE:
            inner = self._first(raw)
            if inner is not None:
                node.roles["value"] = self.node(inner)
        else:
            node.parts = self._all(raw)
            if made == "pattern-list" and raw.child_count - raw.named_child_count - 2 != len(node.parts) - 1:
                node.kind = "other"  # `[a, , b]`
        return node

    def _made(self, raw: tree_sitter.Node, kind: str) -> Node:
        return Node(kind, raw.start_point[0] + 1, _text(raw))

    def _fill(self, node: Node, raw: tree_sitter.Node, roles: Roles) -> None:
        for role, name in roles.items():
            child = raw.child_by_field_name(name)
            if child is not None and child.type != "empty_statement":
                node.roles[role] = self.node(child)

    def _first(self, raw: tree_sitter.Node) -> tree_sitter.Node | None:
        return next((child for child in raw.named_children if child.type not in DROPPED), None)

    def _all(self, raw: tree_sitter.Node) -> list[Node]:
        found: list[Node] = []
        for child in raw.named_children:
            if child.type == "statement_list":
                found += self._all(child)
            elif child.type not in DROPPED:
                found.append(self.node(child))
        return found

    # Functions

    def _function(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "function")
        name = raw.child_by_field_name("name")
        node.sign = _text(name) if name is not None else ""
        given = raw.child_by_field_name("parameters") or raw.child_by_field_name("parameter")
        if given is not None:
            several = given.type in {"formal_parameters", "parameter_list"}
            for one in given.named_children if several else [given]:
                node.parts += self._parameter(one)
        self._fill(node, raw, {"body": "body"})
        result = raw.child_by_field_name("result")
        if result is not None:
            node.roles["type"] = self._made(result, "type")
        flags = {raw.type.partition("_")[0]} & {"arrow", "generator", "method"}
        if raw.children and raw.children[0].type == "async":
            flags.add("async")
        node.flags = frozenset(flags)
        return node

    _function_declaration = _generator_function_declaration = _function_expression = _arrow_function = _function
    _method_definition = _func_literal = _generator_function = _function

    def _method_declaration(self, raw: tree_sitter.Node) -> Node:
        return self._made(raw, "other")

    def _parameter(self, raw: tree_sitter.Node) -> list[Node]:
        """One; of Go's `a, b int` two."""
        if raw.type in {"parameter_declaration", "variadic_parameter_declaration"}:
            kind = raw.child_by_field_name("type")
            found = []
            for name in raw.children_by_field_name("name"):
                node = Node("parameter", raw.start_point[0] + 1, _text(name), _text(name))
                if kind is not None:
                    node.roles["type"] = self._made(kind, "type")
                node.flags = frozenset({"rest"}) if raw.type.startswith("variadic") else frozenset()
                found.append(node)
            return found
        if raw.type in DROPPED:
            return []
        node = self._made(raw, "parameter")
        inner = raw.child_by_field_name("pattern") or raw
        default = raw.child_by_field_name("value")
        if inner.type == "assignment_pattern":
            default = inner.child_by_field_name("right")
            inner = inner.child_by_field_name("left") or inner
        target = self.node(inner)
        if target.kind == "rest":
            node.flags = frozenset({"rest"})
            target = target.roles.get("value", target)
        node.roles["target"] = target
        node.sign = target.sign if target.kind == "name" else ""
        if default is not None:
            node.roles["value"] = self.node(default)
        return [node]

    # Declarations

    def _lexical_declaration(self, raw: tree_sitter.Node) -> Node:
        word = raw.child_by_field_name("kind")
        sign = _text(word) if word is not None else "var"
        made = []
        for one in raw.named_children:
            if one.type == "variable_declarator":
                node = self._made(one, "declare")
                node.sign = sign
                self._fill(node, one, {"target": "name", "value": "value"})
                made.append(node)
        return _declared(raw, made)

    _variable_declaration = _lexical_declaration

    def _short_var_declaration(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "declare")
        node.sign = ":="
        self._fill(node, raw, {"target": "left", "value": "right"})
        return node

    def _var_declaration(self, raw: tree_sitter.Node) -> Node:
        made = []
        for one in self._specs(raw):
            node = self._made(one, "declare")
            node.sign = "var"
            named = [self.node(name) for name in one.children_by_field_name("name")]
            node.roles["target"] = named[0] if len(named) == 1 else Node("several", node.line, "", parts=named)
            kind = one.child_by_field_name("type")
            if kind is not None:
                node.roles["type"] = self._made(kind, "type")
            self._fill(node, one, {"value": "value"})
            made.append(node)
        return _declared(raw, made)

    _const_declaration = _var_declaration

    def _specs(self, raw: tree_sitter.Node) -> list[tree_sitter.Node]:
        found = []
        for child in raw.named_children:
            if child.type in {"var_spec", "const_spec"}:
                found.append(child)
            elif child.type == "var_spec_list":
                found += self._specs(child)
        return found

    # Statements

    def _for_statement(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "for")
        if not self.go:
            self._fill(node, raw, {"start": "initializer", "test": "condition", "next": "increment", "body": "body"})
            self._bare(node)
            return node
        head = next((c for c in raw.named_children if c.type not in {"block", "comment"}), None)
        if head is not None and head.type == "for_clause":
            self._fill(node, head, {"start": "initializer", "test": "condition", "next": "update"})
        elif head is not None and head.type == "range_clause":
            node.kind, node.sign = "each", "range"
            node.flags = frozenset({":="}) if b":=" in (head.text or b"") else frozenset()
            self._fill(node, head, {"target": "left", "over": "right"})
        else:
            node.kind = "while"
            if head is not None:
                node.roles["test"] = self.node(head)
        self._fill(node, raw, {"body": "body"})
        return node

    def _bare(self, node: Node) -> None:
        """The parts of JavaScript's head are statements, one of which may be an expression alone."""
        for role in ("start", "test"):
            part = node.roles.get(role)
            if part is not None and part.kind == "expression" and role == "test":
                node.roles[role] = part.roles["value"]

    def _for_in_statement(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "each")
        self._fill(node, raw, {"target": "left", "over": "right", "body": "body"})
        sign, word = raw.child_by_field_name("operator"), raw.child_by_field_name("kind")
        node.sign = _text(sign) if sign is not None else "of"
        node.flags = frozenset({_text(word)}) if word is not None else frozenset()
        if any(child.type == "await" for child in raw.children):
            node.kind = "other"
        return node

    def _inc_statement(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "assign")
        node.sign = "++" if raw.type == "inc_statement" else "--"
        inner = self._first(raw)
        if inner is not None:
            node.roles["target"] = self.node(inner)
        return node

    _dec_statement = _inc_statement

    def _switch_statement(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "switch")
        self._fill(node, raw, {"over": "value", "start": "initializer"})
        body = raw.child_by_field_name("body") or raw
        for one in body.named_children:
            if one.type in {"switch_case", "switch_default", "expression_case", "default_case"}:
                node.parts.append(self._case(one))
        return node

    _expression_switch_statement = _switch_statement

    def _case(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "case")
        value = raw.child_by_field_name("value")
        if value is not None:
            several = value.type == "expression_list"
            parts = [self.node(one) for one in value.named_children] if several else [self.node(value)]
            node.roles["values"] = Node("values", node.line, _text(value), parts=parts)
        for child in raw.named_children:
            if value is not None and child.start_byte == value.start_byte:
                continue
            if child.type == "statement_list":
                node.parts += self._all(child)
            elif child.type not in DROPPED:
                node.parts.append(self.node(child))
        return node

    def _expression_list(self, raw: tree_sitter.Node) -> Node:
        parts = self._all(raw)
        return parts[0] if len(parts) == 1 else Node("several", raw.start_point[0] + 1, _text(raw), parts=parts)

    # Expressions

    def _call_expression(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "call")
        self._fill(node, raw, {"what": "function"})
        given = raw.child_by_field_name("arguments")
        if given is not None:
            node.parts = self._all(given) if given.type != "template_string" else [self._made(given, "other")]
        return node

    def _new_expression(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "new")
        self._fill(node, raw, {"what": "constructor"})
        given = raw.child_by_field_name("arguments")
        node.parts = self._all(given) if given is not None else []
        return node

    def _template_string(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "template")
        for child in raw.named_children:
            if child.type == "template_substitution":
                inner = self._first(child)
                node.parts.append(self.node(inner) if inner is not None else self._made(child, "other"))
            else:
                node.parts.append(self._made(child, "piece"))
        return node

    def _composite_literal(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "made")
        kind, body = raw.child_by_field_name("type"), raw.child_by_field_name("body")
        node.sign = _text(kind) if kind is not None else ""
        node.parts = self._all(body) if body is not None else []
        return node

    def _literal_value(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "made")
        node.parts = self._all(raw)
        return node

    def _slice_type(self, raw: tree_sitter.Node) -> Node:
        node = self._made(raw, "type")
        node.sign = node.text
        return node

    _map_type = _type_identifier = _array_type = _channel_type = _pointer_type = _slice_type


def _declared(raw: tree_sitter.Node, made: list[Node]) -> Node:
    if len(made) == 1:
        made[0].text = _text(raw)
        return made[0]
    return Node("declares", raw.start_point[0] + 1, _text(raw), parts=made)


def _text(raw: tree_sitter.Node) -> str:
    return (raw.text or b"").decode("utf-8", "replace")
