"""A place in the tokens of a template."""

from __future__ import annotations

from scaffold.expand.go_templates.lexer import Token
from scaffold.expand.unverifiable import UnverifiableError

END = Token("end", "")
_DEEPEST = 60


class Cursor:
    """Walks the tokens; after the last one there is END for ever."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self.at = 0
        self.depth = 0

    def next(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def peek(self) -> Token:
        return self._tokens[self.at] if self.at < len(self._tokens) else END

    def next_filled(self) -> Token:
        """The next token that is no white space."""
        self.skip_space()
        return self.next()

    def skip_space(self) -> None:
        while self.peek().kind == "space":
            self.at += 1

    def enter(self) -> None:
        """Go one level deeper."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnverifiableError(f"a template with more than {_DEEPEST} levels")
