"""tree-sitter's grammars of JavaScript, TypeScript and Go: their parsers, and what `tree` calls their nodes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tree_sitter

RENAMED: Mapping[str, str] = {
    "block": "block", "number": "number", "statement_block": "block", "class_body": "block", "program": "block",
    "source_file": "block",
    "identifier": "name", "property_identifier": "name", "shorthand_property_identifier": "name",
    "shorthand_property_identifier_pattern": "name", "field_identifier": "name", "package_identifier": "name",
    "int_literal": "number", "float_literal": "number", "rune_literal": "rune",
    "string": "text", "interpreted_string_literal": "text", "raw_string_literal": "raw",
    "true": "bool", "false": "bool", "null": "nothing", "undefined": "nothing", "nil": "nothing",
    "array": "list", "array_pattern": "pattern-list", "object": "record", "object_pattern": "pattern-record",
    "return_statement": "return", "throw_statement": "throw", "expression_statement": "expression",
    "break_statement": "break", "continue_statement": "continue", "fallthrough_statement": "fallthrough",
    "await_expression": "await", "spread_element": "spread", "variadic_argument": "spread", "rest_pattern": "rest",
    "empty_statement": "empty", "sequence_expression": "sequence",
}  # fmt: skip
PLAIN = frozenset({"parenthesized_expression", "as_expression", "non_null_expression", "satisfies_expression",
                   "literal_element", "else_clause", "finally_clause", "export_statement"})  # fmt: skip
"""What only wraps its first part."""
DROPPED = frozenset({"comment", "type_alias_declaration", "interface_declaration", "import_statement",
                     "package_clause", "import_declaration", "hash_bang_line", "type_arguments"})  # fmt: skip
WITH_VALUE = frozenset({"return", "throw", "expression", "await", "spread", "rest"})
LEAF = frozenset(
    {"name", "number", "rune", "text", "raw", "bool", "nothing", "break", "continue", "fallthrough", "empty"}
)

Roles = Mapping[str, str]
KINDS: Mapping[str, tuple[str, Roles]] = {
    "member_expression": ("member", {"of": "object"}),
    "selector_expression": ("member", {"of": "operand"}),
    "subscript_expression": ("index", {"of": "object", "at": "index"}),
    "index_expression": ("index", {"of": "operand", "at": "index"}),
    "slice_expression": ("slice", {"of": "operand", "from": "start", "to": "end"}),
    "ternary_expression": ("choice", {"test": "condition", "then": "consequence", "else": "alternative"}),
    "if_statement": (
        "if", {"start": "initializer", "test": "condition", "then": "consequence", "else": "alternative"},
    ),
    "while_statement": ("while", {"test": "condition", "body": "body"}),
    "do_statement": ("do", {"body": "body", "test": "condition"}),
    "try_statement": ("try", {"body": "body", "handler": "handler", "finally": "finalizer"}),
    "catch_clause": ("catch", {"target": "parameter", "body": "body"}),
    "assignment_expression": ("assign", {"target": "left", "value": "right"}),
    "augmented_assignment_expression": ("assign", {"target": "left", "value": "right"}),
    "assignment_statement": ("assign", {"target": "left", "value": "right"}),
    "assignment_pattern": ("default", {"target": "left", "value": "right"}),
    "object_assignment_pattern": ("default", {"target": "left", "value": "right"}),
    "pair": ("pair", {"key": "key", "value": "value"}),
    "pair_pattern": ("pair", {"key": "key", "value": "value"}),
    "keyed_element": ("pair", {"key": "key", "value": "value"}),
    "type_conversion_expression": ("convert", {"value": "operand"}),
}  # fmt: skip
SIGNED: Mapping[str, tuple[str, Roles]] = {
    "binary_expression": ("binary", {"left": "left", "right": "right"}),
    "unary_expression": ("unary", {"value": "argument"}),
    "update_expression": ("assign", {"target": "argument"}),
}


@cache
def parser(language: str) -> tree_sitter.Parser:
    """Loaded here, so that who never meets such a program does not pay for it."""
    import tree_sitter

    match language:
        case "go":
            import tree_sitter_go

            grammar = tree_sitter_go.language()
        case "typescript":
            import tree_sitter_typescript

            grammar = tree_sitter_typescript.language_typescript()
        case _:
            import tree_sitter_javascript

            grammar = tree_sitter_javascript.language()
    return tree_sitter.Parser(tree_sitter.Language(grammar))
