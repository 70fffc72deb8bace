"""How large a statement becomes when SQLite puts its names in full, reckoned before SQLite sees it.

SQLite writes a query of a WITH clause out wherever it is named, and a result column wherever it is
used; so twenty short lines that each use the one before twice become a million. Older SQLite calls
no handler while it does so: nothing but this bound stops it. The bound is never below what SQLite
does, and may be above. Source: https://sqlite.org/optoverview.html, sections 11 and 14.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from opensec_inspect.core.sql.outline import MAX_NESTING, Item, Named, Query, TooDeepError, outline
from opensec_inspect.core.sql.tokens import Token

_TABLE = 20
"""Terms of a table's own view."""
_WINDOW = 200
"""Terms of a window function: SQLite's work grows with the square of their number."""
_CEILING = 10**9
_NO_TERMS = frozenset(
    {"(", ")", ",", ".", ";", "as", "select", "from", "where", "by", "distinct", "all", "on"}
)
_RESERVED = _NO_TERMS | frozenset(
    """
    and between case collate else escape except exists group having in intersect into is isnull join
    limit not notnull null or order then union using values when
    """.split()  # noqa: SIM905
)
"""Words that are never the name of a column, unless quoted."""
_TAKING = (_RESERVED - {"isnull", "notnull", "null"}) | {"glob", "like", "match", "regexp"}
"""Words that an operand follows: what stands behind one is no alias."""
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_BEFORE_A_TABLE = frozenset({"from", "join", ",", "(", ".", "in"})


class CircularError(ValueError):
    """A query of a WITH clause that leads back to itself through another; its name is the argument."""


@dataclass(slots=True)
class _Columns:
    """Terms that stand behind the columns of what is selected from."""

    named: dict[str, int] = field(default_factory=dict)
    unnamed: int = 1
    """Behind one that SQLite names itself: `column1` of VALUES."""
    most: int = 1

    def add(self, name: str, terms: int) -> None:
        """One more column, or the larger of two of one name."""
        self.most = max(self.most, terms)
        self.named[name] = max(self.named.get(name, 1), terms)

    def terms(self, token: Token) -> int:
        """Behind one word or sign of an expression."""
        if token.kind not in ("word", "name") or (token.kind == "word" and token.text in _RESERVED):
            return int(token.text not in _NO_TERMS or token.kind == "text")
        if token.text in self.named:
            return self.named[token.text]
        # SQLite names a column that has no name after its own text, or numbers it.
        return self.unnamed if _PLAIN.issuperset(token.text) else self.most


@dataclass(slots=True)
class _Shape:
    """What one query becomes."""

    terms: int = 1
    columns: _Columns = field(default_factory=_Columns)
    places: tuple[int, ...] = ()
    """Terms behind each column by its place; empty where the places are not known."""
    selects: int = 1
    """Queries that a condition on it may be copied into."""
    arms: int = 1
    """Copies of a query that selects from it, one per arm of its UNION ALL."""


@dataclass(slots=True)
class _Scope:
    named: dict[str, Named]
    outer: "_Scope | None"
    columns: _Columns
    """What a query inside may name of the queries around it."""

    def find(self, token: Token) -> "tuple[Named, _Scope] | None":
        """The query of a WITH clause that a table's name means here."""
        scope: _Scope | None = self if token.kind in ("word", "name", "text") else None
        while scope is not None and token.text not in scope.named:
            scope = scope.outer
        return None if scope is None else (scope.named[token.text], scope)


class _Size:
    def __init__(self, tables: Collection[str]) -> None:
        self._tables = frozenset(tables)
        self._known: dict[Named, _Shape] = {}
        self._open: list[Named] = []
        self._depth = 0

    def query(self, query: Query, outer: _Scope | None) -> _Shape:
        """What a query becomes."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise TooDeepError
        outside = outer.columns if outer else _Columns()
        sources = self._sources(query, _Scope(query.named, outer, outside))
        inside = _Scope(query.named, outer, _merged(outside, *(source.columns for _, source in sources)))
        arms = [[self._sum(_without_alias(items), inside) for items in arm] for arm in query.arms]
        shape = _result(query, arms, sources)
        # Outside the result columns an alias stands for what it names, and so does a number in ORDER BY.
        aliased = _Scope(query.named, outer, _merged(inside.columns, shape.columns))
        own = [sum(arm) for arm in arms] or [0]
        for item in query.items:
            own[item.arm] += self._terms(item, aliased)
        shape.terms = _capped(1 + sum(map(_written_out, own, *_by_arm(sources, len(own)))))
        self._depth -= 1
        return shape

    def _sources(self, query: Query, scope: _Scope) -> list[tuple[int, _Shape]]:
        found: list[tuple[int, _Shape]] = []
        for item in query.items:
            if isinstance(item.what, Query):
                found += [(item.arm, self.query(item.what, scope))] if item.is_source else []
            elif item.is_source and (named := scope.find(item.what)) is not None:
                found.append((item.arm, self._named(*named)))
        return found

    def _named(self, named: Named, scope: _Scope) -> _Shape:
        if named in self._open:
            # A query that names itself is run row by row, not written out.
            if self._open[-1] is named:
                return _Shape()
            raise CircularError(named.name)
        if named not in self._known:
            self._open.append(named)
            outside = scope.outer.columns if scope.outer else _Columns()
            shape = self.query(named.query, _Scope(scope.named, scope.outer, outside))
            self._known[named] = _renamed(shape, named.columns)
            self._open.pop()
        return self._known[named]

    def _sum(self, items: Iterable[Item], scope: _Scope) -> int:
        return _capped(sum(self._terms(item, scope) for item in items))

    def _terms(self, item: Item, scope: _Scope) -> int:
        what = item.what
        if isinstance(what, Query):
            return 1 if item.is_source else self.query(what, scope).terms
        if what.bare == "over":
            return _WINDOW
        if item.before in _BEFORE_A_TABLE:
            found = scope.find(what)
            if found is not None and item.before == "in":
                return self._named(*found).terms
            if found is None and what.text in self._tables:
                return _TABLE
        if what.kind == "number":
            return scope.columns.most if item.region == "rest" and item.before in ("by", ",") else 1
        if item.after in (".", "(") or item.before == "as":
            # A name in front of a column stands for nothing; a function and an alias are one term each.
            return int(item.after != ".")
        return scope.columns.terms(what)


def _merged(*several: _Columns) -> _Columns:
    merged = _Columns()
    for columns in several:
        for name, terms in columns.named.items():
            merged.add(name, terms)
        merged.unnamed = max(merged.unnamed, columns.unnamed)
        merged.most = max(merged.most, columns.most)
    return merged


def _result(query: Query, arms: list[list[int]], sources: list[tuple[int, _Shape]]) -> _Shape:
    """The columns a query has and how often what selects from it is copied; `terms` is not set yet."""
    stars = [_is_star(items) for arm in query.arms for items in arm]
    columns = _merged(*(source.columns for _, source in sources)) if any(stars) else _Columns()
    places: tuple[int, ...] = ()
    if not any(stars) and not query.has_values and len({len(arm) for arm in arms}) == 1:
        places = tuple(map(max, zip(*arms, strict=True)))
    most = max([columns.most, *(terms for arm in arms for terms in arm)])
    columns.most = most
    if query.has_values:
        columns.unnamed = most
    if len(arms) > 1 and not places:
        columns.named = dict.fromkeys(columns.named, most)
    for number, items in enumerate(query.arms[0] if query.arms else []):
        terms = arms[0][number] if len(arms) == 1 else places[number] if places else most
        if (name := _name(items)) is not None:
            columns.add(name, terms)
    copies, selects, _ = _by_arm(sources, max(1, len(arms)))
    return _Shape(columns=columns, places=places, arms=_capped(sum(copies)), selects=_capped(sum(selects)))


def _by_arm(sources: list[tuple[int, _Shape]], arms: int) -> tuple[list[int], list[int], list[int]]:
    """For each arm its copies, its selects and the terms of what it selects from."""
    copies, selects, terms = [1] * arms, [1] * arms, [0] * arms
    for arm, source in sources:
        copies[arm] = _capped(copies[arm] * source.arms)
        selects[arm] += source.selects
        terms[arm] += source.terms
    return copies, selects, terms


def _written_out(own: int, copies: int, selects: int, of_sources: int) -> int:
    return own * max(copies, selects) + of_sources


def _renamed(shape: _Shape, names: list[str]) -> _Shape:
    """The same under the names of a column list."""
    if not names:
        return shape
    most = shape.columns.most
    places = shape.places if len(shape.places) == len(names) else (most,) * len(names)
    columns = _Columns(most=most)
    for name, terms in zip(names, places, strict=True):
        columns.add(name, terms)
    return replace(shape, columns=columns, places=())


def _is_star(items: list[Item]) -> bool:
    last = items[-1].what if items else None
    return (
        isinstance(last, Token)
        and last.bare == "*"
        and (len(items) == 1 or items[-2].what == Token("other", "."))
    )


def _without_alias(items: list[Item]) -> list[Item]:
    """A result column without the name it is given by a word behind it, with AS or without."""
    if len(items) < 2 or _name(items) is None:
        return items
    before = items[-1].before
    word = before[:1].isidentifier() and before not in _TAKING
    return items[:-1] if word or before in ("as", ")", "") else items


def _name(items: list[Item]) -> str | None:
    """What a result column may be called in plain letters; None where it has no such name."""
    last = items[-1].what if items else None
    return last.text if isinstance(last, Token) and last.kind in ("word", "name", "text") else None


def _capped(terms: int) -> int:
    return min(terms, _CEILING)


def terms_in_full(read: tuple[Token, ...], tables: Collection[str]) -> int:
    """Upper bound of the terms of a statement with all its names written out; `tables` are the known ones.

    Raises CircularError, and TooDeepError for what is nested past `MAX_NESTING`.
    """
    return _Size(tables).query(outline(read), None).terms
