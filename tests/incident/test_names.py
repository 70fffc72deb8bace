"""Which entities a text names: the table of cases of docs/metrics.md, "Names", and its laws."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensec_inspect.incident.scenario.names import Names, names_of
from opensec_inspect.incident.scenario.network import DataAsset, Host, Network, User
from tests.strategies import made, names_in, written

NETWORK = Network(
    organisation="Northlake Instruments",
    suffix="northlake.example",
    hosts=(
        Host(id="h-4c1e", hostname="kestrel-22", ip="10.21.8.40", role="workstation", owner="u-9b07"),
        Host(id="h-77aa", hostname="kestrel-2", ip="10.21.8.4", role="file server"),
    ),
    users=(
        User(
            id="u-9b07",
            name="Mara Okafor",
            email="mara.okafor@northlake.example",
            account="mokafor",
            department="Finance",
            title="Analyst",
        ),
    ),
    domains=("evil.example", "notevil.example", "secure-evil.example"),
    data_assets=(
        DataAsset(id="d-17fa", path="/srv/projects/bids-2025", host="h-77aa", classification="internal"),
    ),
)
NAMES = Names(NETWORK)
HOST, OTHER, USER, ASSET = "h-4c1e", "h-77aa", "u-9b07", "d-17fa"

CASES = [
    # every alias of every kind
    ("h-4c1e", {HOST}),
    ("kestrel-22", {HOST}),
    ("10.21.8.40", {HOST}),
    ("u-9b07", {USER}),
    ("mara.okafor@northlake.example", {USER}),
    ("mokafor", {USER}),
    ("evil.example", {"evil.example"}),
    ("d-17fa", {ASSET}),
    ("/srv/projects/bids-2025", {ASSET}),
    ("Mara Okafor", set()),
    # case and [.]
    ("KESTREL-22 and Evil.Example", {HOST, "evil.example"}),
    ("evil[.]example", {"evil.example"}),
    ("10[.]21[.]8[.]40", {HOST}),
    ("10[.]21.8[.]40", {HOST}),
    ("MARA.OKAFOR@NORTHLAKE[.]EXAMPLE", {USER}),
    ("evil(.)example", set()),
    # nothing may touch a name
    ("kestrel-22", {HOST}),
    ("kestrel-221", set()),
    ("xkestrel-22", set()),
    ("kestrel-22-old", set()),
    ("old-kestrel-22", set()),
    ("kestrel-22_1", set()),
    ("_kestrel-22", set()),
    ("kestrel-22é", set()),
    ("kestrel-2", {OTHER}),
    ("10.21.8.4", {OTHER}),
    ("110.21.8.4", set()),
    ("1.10.21.8.4", set()),
    ("10.21.8.4:445", {OTHER}),
    ("'kestrel-22'", {HOST}),
    ("(kestrel-22)", {HOST}),
    ("kestrel-22$", {HOST}),
    ("host=kestrel-22;", {HOST}),
    ("\\\\kestrel-22\\share", {HOST}),
    ("root@kestrel-22", {HOST}),
    ("/srv/projects/bids-2025/final.xlsx", {ASSET}),
    ("/srv/projects/bids-2025.zip", set()),
    ("/old/srv/projects/bids-2025", set()),
    # a dot behind
    ("It was kestrel-22.", {HOST}),
    ("It was kestrel-22. Then", {HOST}),
    ("kestrel-22.exe", set()),
    ("kestrel-22[.]exe", set()),
    ("kestrel-22...", {HOST}),
    ("It was evil.example.", {"evil.example"}),
    ("evil.example.au", set()),
    ("evil[.]example[.]au", set()),
    ("evil.example.\nNext", {"evil.example"}),
    # a hostname with the organisation's own suffix
    ("kestrel-22.northlake.example", {HOST}),
    ("KESTREL-22.NORTHLAKE.EXAMPLE.", {HOST}),
    ("kestrel-22[.]northlake[.]example", {HOST}),
    ("kestrel-22.northlake.example.au", set()),
    ("kestrel-22.southlake.example", set()),
    ("h-4c1e.northlake.example", set()),
    # a domain behind @ and labels
    ("office@evil.example", {"evil.example"}),
    ("https://evil.example/a?b=c", {"evil.example"}),
    ("www.evil.example", {"evil.example"}),
    ("a.b.evil.example", {"evil.example"}),
    ("www[.]evil[.]example", {"evil.example"}),
    ("notevil.example", {"notevil.example"}),
    ("secure-evil.example", {"secure-evil.example"}),
    ("really-evil.example", set()),
    # an account is not named by an address
    ("mokafor@evil.example", {"evil.example"}),
    ("mokafor@", set()),
    ("mokafor @", {USER}),
    ("NORTHLAKE\\mokafor", {USER}),
    ("mokafor's", {USER}),
    ("mokafor.", {USER}),
    ("mokafor.old", set()),
    # several, and none
    ("kestrel-22,kestrel-2;mokafor", {HOST, OTHER, USER}),
    ("", set()),
    ("kestrel", set()),
    # letters that only look alike
    ("evıl.example", set()),
    ("evİl.example", set()),
    ("\u212aestrel-22", set()),
]


@pytest.mark.parametrize(("text", "entities"), CASES, ids=[repr(text) for text, _ in CASES])
def test_a_text_names_just_these(text: str, entities: set[str]) -> None:
    assert NAMES.named(text) == entities


def test_names_are_looked_for_in_cells_before_json_escapes_them() -> None:
    cell = "first line\nkestrel-22\tdone"

    escaped = json.dumps(cell)

    assert NAMES.named(cell) == {HOST}
    assert NAMES.named(escaped) == set()  # the text would read nkestrel-22


@pytest.mark.parametrize(
    ("name", "kind", "entity"),
    [
        ("h-4c1e", "host", HOST),
        (" Kestrel-22 ", "host", HOST),
        ("kestrel-22.northlake.example", "host", HOST),
        ("kestrel-22.northlake.example.", "host", HOST),
        ("10[.]21[.]8[.]40", "host", HOST),
        ("MOKAFOR", "user", USER),
        ("mara.okafor@northlake.example", "user", USER),
        ("u-9b07", "user", USER),
        ("Evil[.]example", "domain", "evil.example"),
        ("/srv/projects/bids-2025", "asset", ASSET),
        ("evil.example", "host", None),
        ("mokafor", "host", None),
        ("www.evil.example", "domain", None),
        ("office@evil.example", "domain", None),
        ("kestrel-22 and kestrel-2", "host", None),
        ("kestrel-2*", "host", None),
        ("h-4c1e.northlake.example", "host", None),
        ("mokafor.northlake.example", "user", None),
        ("", "host", None),
        (".", "domain", None),
        ("evıl.example", "domain", None),
    ],
)
def test_a_call_names_one_entity_of_its_kind_whole_or_none(name: str, kind: str, entity: str | None) -> None:
    assert NAMES.resolve(name, kind) == entity


def test_an_entity_has_all_its_names_and_its_kind() -> None:
    assert NAMES.aliases(HOST) == ("h-4c1e", "kestrel-22", "10.21.8.40")
    assert NAMES.aliases(USER) == ("u-9b07", "mara.okafor@northlake.example", "mokafor")
    assert [NAMES.kind(e) for e in (HOST, USER, "evil.example", ASSET)] == ["host", "user", "domain", "asset"]


def test_a_renamed_text_keeps_its_form_and_all_around_the_names() -> None:
    text = "Kestrel-22.northlake.example (10[.]21.8[.]40, h-4c1e), not kestrel-22x, kestrel-2 or a[.]b"

    renamed = NAMES.renamed(text, HOST)

    host, ip, id_ = (NAMES.fresh_name(name) for name in ("kestrel-22", "10.21.8.40", "h-4c1e"))
    a, b, c, d = ip.split(".")
    assert renamed == (
        f"{host[0].upper()}{host[1:]}.northlake.example ({a}[.]{b}.{c}[.]{d}, {id_}),"
        " not kestrel-22x, kestrel-2 or a[.]b"
    )


def test_a_text_that_does_not_name_the_entity_is_returned_as_it_is() -> None:
    text = "hxxps://www.evil[.]example and mokafor@notevil.example"

    assert NAMES.renamed(text, USER) == text
    assert NAMES.renamed(text, "secure-evil.example") == text


def test_a_fresh_name_has_letters_for_letters_and_digits_for_digits() -> None:
    for name in names_in(made("one")):
        fresh = names_of(made("one").network).fresh_name(name)

        forms = [["L" if c.isalpha() else "9" if c.isdigit() else c for c in n] for n in (name, fresh)]
        assert forms[1][: len(name)] == forms[0]
        assert set(forms[1][len(name) :]) <= {"9"}


def test_a_renamed_entity_keeps_its_place_when_names_are_sorted() -> None:
    """Otherwise min, max and every page of a sorted answer would seem to depend on it."""
    for seed in ("one", "two", "three"):
        listed = sorted(names_in(made(seed)))
        names = names_of(made(seed).network)

        for place, name in enumerate(listed):
            others = [other for other in listed if other != name]
            assert sorted([*others, names.fresh_name(name)])[place] == names.fresh_name(name)


def test_a_fresh_name_is_nobodys() -> None:
    for seed in ("one", "two", "three"):
        known = names_in(made(seed))
        names = names_of(made(seed).network)

        fresh = [names.fresh_name(name) for name in known]

        assert not set(fresh) & set(known)


def test_neighbours_without_room_get_one_character_more() -> None:
    hosts = tuple(
        Host(id=f"h-000{n}", hostname=f"dune-1{n}", ip=f"10.2.3.1{n}", role="workstation") for n in range(10)
    )
    names = Names(NETWORK.model_copy(update={"hosts": hosts}))

    assert names.fresh_name("dune-15") == "dune-150"
    assert names.named(names.renamed("dune-15 dune-16", "h-0005")) == {"h-0006"}


SCENARIO = made("one")
ANY_ENTITY = st.sampled_from(sorted(SCENARIO.entity_ids))


@given(text=written(SCENARIO), entity=ANY_ENTITY)
def test_whatever_the_text_renaming_an_entity_removes_it_and_nothing_else(text: str, entity: str) -> None:
    names = names_of(SCENARIO.network)

    renamed = names.renamed(text, entity)

    assert names.named(renamed) == names.named(text) - {entity}


@given(text=written(SCENARIO), entity=ANY_ENTITY)
def test_renaming_twice_is_renaming_once(text: str, entity: str) -> None:
    names = names_of(SCENARIO.network)

    once = names.renamed(text, entity)

    assert names.renamed(once, entity) == once


@given(
    text=written(SCENARIO),
    entities=st.permutations([SCENARIO.network.hosts[0].id, SCENARIO.network.users[0].id]),
)
def test_the_order_of_renaming_does_not_matter(text: str, entities: list[str]) -> None:
    names = names_of(SCENARIO.network)
    first, second = entities

    assert names.renamed(names.renamed(text, first), second) == names.renamed(
        names.renamed(text, second), first
    )


@given(text=st.text())
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    names = names_of(SCENARIO.network)

    assert names.named(text) <= SCENARIO.entity_ids | {a.id for a in SCENARIO.network.data_assets}
    assert names.resolve(text, "host") in {None, *(h.id for h in SCENARIO.network.hosts)}


@given(name=st.sampled_from(names_in(SCENARIO)), upper=st.booleans(), fanged=st.booleans())
def test_every_name_resolves_to_what_it_names(name: str, upper: bool, fanged: bool) -> None:
    names = names_of(SCENARIO.network)
    formed = name.upper() if upper else name
    formed = formed if fanged else formed.replace(".", "[.]")

    (entity,) = names.named(formed)

    assert names.resolve(formed, names.kind(entity)) == entity
