"""Reads a template into statements, with the errors that Go finds before anything runs."""

from __future__ import annotations

from functools import lru_cache

from scaffold.expand.go_templates import functions
from scaffold.expand.go_templates.cursor import END, Cursor
from scaffold.expand.go_templates.lexer import Token, tokens
from scaffold.expand.go_templates.literals import read
from scaffold.expand.go_templates.nodes import (
    Action,
    Branch,
    Dot,
    Field,
    Function,
    Jump,
    Literal,
    Node,
    Pipeline,
    Statement,
    Text,
    Variable,
)
from scaffold.expand.go_values import TemplateError
from scaffold.expand.unverifiable import UnverifiableError

_OPERANDS = frozenset("bool char dot field nil number open raw string variable word".split())


@lru_cache(maxsize=8192)
def parse(template: str, *, foreign: bool = False) -> tuple[Statement, ...]:
    """Parse a template; raise TemplateError where Go refuses it, UnverifiableError for nested template definitions.

    A `foreign` one is for another program, which may have any functions.
    """
    return _Parser(list(tokens(template)), foreign=foreign).template()


class _Parser(Cursor):
    def __init__(self, found: list[Token], *, foreign: bool) -> None:
        super().__init__(found)
        self._foreign = foreign
        self._variables = ["$"]
        self._loops = 0

    def template(self) -> tuple[Statement, ...]:
        statements, closing = self._statements()
        if closing:
            raise TemplateError(f"unexpected {{{{{closing}}}}}")
        return statements

    def _statements(self) -> tuple[tuple[Statement, ...], str]:
        """The statements up to `end` or `else`, and which of them it was; nothing at the end of the text."""
        found: list[Statement] = []
        while (token := self.next()) is not END:
            if token.kind == "text":
                found.append(Text(token.text))
                continue
            self.skip_space()
            keyword = self.peek().text if self.peek().kind == "keyword" else ""
            if keyword in {"end", "else"}:
                self.next()
                if keyword == "end":
                    self._expect_right("end")
                return tuple(found), keyword
            found.append(self._action(keyword))
        return tuple(found), ""

    def _action(self, keyword: str) -> Statement:
        if keyword in {"if", "with", "range"}:
            self.next()
            return self._branch(keyword)
        if keyword in {"break", "continue"}:
            self.next()
            self._expect_right(keyword)
            if not self._loops:
                raise TemplateError(f"{{{{{keyword}}}}} outside {{{{range}}}}")
            return Jump(keyword)
        if keyword in {"define", "template", "block"}:
            raise UnverifiableError(f"the template action '{keyword}'")
        return Action(self._pipeline("right", "command"))

    def _expect_right(self, context: str) -> None:
        token = self.next_filled()
        if token.kind != "right":
            raise TemplateError(f"unexpected {token.text} in {context}")

    def _branch(self, keyword: str) -> Branch:
        self.enter()
        mark = len(self._variables)
        pipeline = self._pipeline("right", keyword)
        self._loops += keyword == "range"
        body, closing = self._statements()
        self._loops -= keyword == "range"
        otherwise = self._otherwise(keyword) if closing == "else" else ()
        if not closing:
            raise TemplateError("unexpected EOF")
        del self._variables[mark:]
        self.depth -= 1
        return Branch(keyword, pipeline, body, otherwise)

    def _otherwise(self, keyword: str) -> tuple[Statement, ...]:
        self.skip_space()
        if self.peek().text == keyword and self.peek().kind == "keyword" and keyword != "range":
            self.next()
            return (self._branch(keyword),)
        self._expect_right("else")
        statements, closing = self._statements()
        if closing != "end":
            raise TemplateError(f"expected end; found {closing or 'EOF'}")
        return statements

    def _pipeline(self, end: str, context: str) -> Pipeline:
        variables, assigns = self._declarations(context)
        commands: list[tuple[Node, ...]] = []
        while (token := self.next_filled()).kind != end:
            if token.kind not in _OPERANDS:
                raise TemplateError(f"unexpected {token.text or 'EOF'} in {context}")
            self.at -= 1
            commands.append(self._command())
        if not commands:
            raise TemplateError(f"missing value for {context}")
        for stage, command in enumerate(commands[1:], 2):
            if isinstance(command[0], Literal | Dot):
                raise TemplateError(f"non executable command in pipeline stage {stage}")
        return Pipeline(tuple(commands), variables, assigns)

    def _declarations(self, context: str) -> tuple[tuple[str, ...], bool]:
        found: list[str] = []
        while True:
            start = self.at
            token = self.next_filled()
            if token.kind != "variable":
                self.at = start
                return tuple(found), False
            following = self.next_filled()
            if following.kind in {"declare", "assign"}:
                self._variables += [*found, token.text] if following.kind == "declare" else [token.text]
                return (*found, token.text), following.kind == "assign"
            if following.kind != "comma":
                self.at = start
                return tuple(found), False
            found.append(token.text)
            self.skip_space()
            if context != "range" or len(found) > 1:
                raise TemplateError(f"too many declarations in {context}")
            if self.peek().kind not in {"variable", "right", "close"}:
                raise TemplateError("range can only initialize variables")

    def _command(self) -> tuple[Node, ...]:
        operands: list[Node] = []
        while True:
            self.skip_space()
            token = self.peek()
            if token.kind in _OPERANDS:
                operands.append(self._operand())
            following = self.next()
            if following.kind == "space":
                continue
            if following.kind in {"right", "close"}:
                self.at -= 1
            elif following.kind != "pipe":
                raise TemplateError(f"unexpected {following.text or 'EOF'} in operand")
            break
        if not operands:
            raise TemplateError("empty command")
        return tuple(operands)

    def _operand(self) -> Node:
        node = self._term()
        names: list[str] = []
        while self.peek().kind == "field":
            names.append(self.next().text[1:])
        if not names:
            return node
        if isinstance(node, Literal | Dot):
            raise TemplateError(f"unexpected . after term {node.text if isinstance(node, Literal) else '.'}")
        if isinstance(node, Field):
            return Field(node.base, (*node.names, *names))
        return Field(node, tuple(names))

    def _term(self) -> Node:
        token = self.next()
        if token.kind == "open":
            return self._parenthesised()
        if token.kind == "field":
            return Field(None, (token.text[1:],))
        if token.kind == "variable":
            if token.text not in self._variables:
                raise TemplateError(f"undefined variable {token.text}")
            return Variable(token.text)
        if token.kind == "word":
            if not self._foreign:
                functions.check(token.text)
            return Function(token.text)
        return Dot() if token.kind == "dot" else read(token)

    def _parenthesised(self) -> Pipeline:
        self.enter()
        pipeline = self._pipeline("close", "parenthesized pipeline")
        self.depth -= 1
        return pipeline
