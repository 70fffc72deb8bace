"""The outline of a statement: which queries stand in it, what each selects, and from where.

No grammar: what is not valid SQL gets some outline too, and SQLite refuses it afterwards. Of valid
SQL every query, table in a FROM and result column is found. Source: https://sqlite.org/lang_select.html.
"""

from dataclasses import dataclass, field
from typing import Literal

from opensec_inspect.core.sql.tokens import Token

MAX_NESTING = 100
"""Brackets within brackets; older SQLite stops there by itself, newer has no such limit."""

Region = Literal["list", "from", "rest"]
_CLAUSES = frozenset("where group having window order limit union intersect except".split())  # noqa: SIM905
_BEFORE_A_TABLE = frozenset({"from", "join", ",", "("})
_END = Token("other", "")


class TooDeepError(ValueError):
    """The brackets of a statement are nested too deeply."""


@dataclass(slots=True)
class Item:
    """A token or a whole query, and where it stands in the query around it."""

    what: "Token | Query"
    region: Region
    before: str
    """The word or sign before it, if bare: `from`, `,`; else empty."""
    after: str
    """The same of what is behind it; empty for a query."""
    arm: int
    """Number of the SELECT of a compound it stands in, from 0."""

    @property
    def is_source(self) -> bool:
        """Whether a query, or a name, in this place is what is selected from."""
        return self.region == "from" and self.before in _BEFORE_A_TABLE


@dataclass(slots=True)
class Query:
    """A SELECT, all its arms together, or VALUES."""

    named: "dict[str, Named]" = field(default_factory=dict)
    """Its WITH clause."""
    items: list[Item] = field(default_factory=list)
    """Everything in it but the result columns, in order."""
    arms: list[list[list[Item]]] = field(default_factory=list)
    """The result columns of each arm, in order; of VALUES the rows."""
    has_values: bool = False
    """Whether some arm is VALUES."""


@dataclass(slots=True, eq=False)
class Named:
    """One query of a WITH clause."""

    name: str
    columns: list[str]
    """Its column list; empty when it has none."""
    query: Query


class _Reader:
    """Reads tokens one by one; `read` is called once."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    def token(self, ahead: int = 0) -> Token:
        at = self._at + ahead
        return self._tokens[at] if 0 <= at < len(self._tokens) else _END

    def take(self, *texts: str) -> bool:
        """Whether the next token is one of these, bare; then it is read."""
        token = self.token()
        found = token.bare in texts
        self._at += found
        return found

    def query(self) -> Query:
        """The query that begins here, to its closing bracket or the end."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise TooDeepError
        query = Query()
        if self.take("with"):
            self._with(query)
        _Body(self, query).read()
        self._depth -= 1
        return query

    def opens_query(self) -> bool:
        """Whether a bracket stands here that opens a query."""
        inside = self.token(1)
        begins = inside.kind == "word" and inside.text in ("select", "with", "values")
        return self.token().bare == "(" and begins

    def _with(self, query: Query) -> None:
        self.take("recursive")
        more = True
        while more:
            begin = self._at
            name = self.token().text
            self._at += 1
            columns = self._column_list()
            if not self._opens_body():
                # No WITH clause after all; SQLite will say so. Everything still has to be counted.
                self._at = begin
                return
            query.named[name] = Named(name, columns, self.query())
            more = self.take(")") and self.take(",")

    def _opens_body(self) -> bool:
        begins = self.take("as")
        self.take("not")
        self.take("materialized")
        return begins and self.take("(")

    def _column_list(self) -> list[str]:
        columns: list[str] = []
        if self.take("("):
            while self.token() is not _END and not self.take(")"):
                if not self.take(","):
                    columns.append(self.token().text)
                    self._at += 1
        return columns

    def step(self) -> None:
        self._at += 1


class _Body:
    """Sorts what stands in one query: result columns, what it selects from, and the rest."""

    def __init__(self, reader: _Reader, query: Query) -> None:
        self._reader, self._query = reader, query
        self._region: Region = "rest"
        self._outside: list[Region] = []
        """Regions of the brackets around, from the query inwards."""
        self._selects = False
        """Whether a FROM clause has begun and not ended."""

    def read(self) -> None:
        reader = self._reader
        while (token := reader.token()) is not _END:
            if reader.opens_query():
                before = reader.token(-1).bare
                reader.step()
                self._add(reader.query(), before, "")
                reader.take(")")
            elif token.bare == ")" and not self._outside:
                return
            else:
                self._sign(token)
                reader.step()

    def _sign(self, token: Token) -> None:
        text = token.bare
        if text == "(":
            self._outside.append(self._region)
            if len(self._outside) > MAX_NESTING:
                raise TooDeepError
        elif text == ")":
            self._region = self._outside.pop()
        elif not self._turned(text):
            self._add(token, self._reader.token(-1).bare, self._reader.token(1).bare)

    def _turned(self, text: str) -> bool:
        """Whether a word or comma was a border between two parts, and not a part."""
        if text in ("on", ",", "join") and self._region != "list" and self._in_from():
            self._region = "rest" if text == "on" else "from"
            return True
        if self._outside:
            return text == ","
        if text == "," and self._region == "list":
            self._query.arms[-1].append([])
        elif text in ("select", "values"):
            self._region, self._selects = "list", False
            self._query.arms.append([[]])
            self._query.has_values |= text == "values"
        elif text == "from" and not self._compares():
            self._region = "from"
            self._selects = True
        elif text in _CLAUSES:
            self._region = "rest"
            self._selects = False
        else:
            return text == ","
        return True

    def _in_from(self) -> bool:
        return self._selects and (not self._outside or self._outside[-1] == "from")

    def _compares(self) -> bool:
        # IS [NOT] DISTINCT FROM is a comparison.
        return self._reader.token(-1).bare == "distinct" and self._reader.token(-2).bare in ("is", "not")

    def _add(self, what: Token | Query, before: str, after: str) -> None:
        arms = self._query.arms
        item = Item(what, self._region, before, after, max(0, len(arms) - 1))
        (arms[-1][-1] if self._region == "list" else self._query.items).append(item)


def outline(tokens: tuple[Token, ...]) -> Query:
    """The outline of a statement. Raises TooDeepError for brackets nested past `MAX_NESTING`."""
    return _Reader(tokens).query()
