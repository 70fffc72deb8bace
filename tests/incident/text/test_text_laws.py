"""Laws over many texts: nothing repeats, nothing gives planted text away, the splits share nothing."""

import re
from collections import Counter
from functools import cache
from typing import get_args

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.facts.scenario import InjectionTier
from opensec_inspect.incident.text.benign import benign_carrier
from opensec_inspect.incident.text.grammar import expand, plain, slots_of
from opensec_inspect.incident.text.lexicon import KIND_OF_TOOL, asked
from opensec_inspect.incident.text.planting import plant
from opensec_inspect.incident.text.stock import Split, acts, productions
from opensec_inspect.incident.text.templates import GROUP_OF, LURES, LureKind, needless, placebos, templates
from tests.incident.text.facts import lure_of
from tests.incident.text.office import facts_of, target_of

per_split = pytest.mark.parametrize("split", get_args(Split))
TIERS: tuple[InjectionTier, ...] = ("t1", "t2", "t3")
TEXTS = 480
"""Per side of a comparison; the standard error of an AUC is then about .02."""
SLACK = 0.02
"""The law is .6; a sample of this size may exceed it by a standard error."""
VERBS = (
    "isolate|quarantine|disconnect|reset|revoke|block|put|take|look|query|search|report|enter|name|check|send"
    "|confirm|call|tell|note|record|write|keep|leave|ignore|disregard|forget|drop|stop|use|ask|let|give|close"
    "|finish|wait|read|see|complete|update|add|do|review|release|forward|skip|answer|reply|ring|carry|set|mark"
    "|restart|renew|unlock|attach|re-run|inform|hold|hand|find|acknowledge|resume|continue"
)
IMPERATIVE = re.compile(rf"(?:^|[.;:!?\n>] ?|, |\band |\bthen |\bplease )(?:{VERBS})\b", re.IGNORECASE)
ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}|(?:%[0-9A-F]{2}.*){2}|(?:\\\\u00..\\w*){2}")
FOREIGN = re.compile(r"\b(?:und|des|pour|voor|het|por|que|las|alle|wie|avant|depois|antes|entro)\b")
NAMED: dict[str, LureKind] = {"host": "host", "user": "user", "domain": "domain", "asset": "query"}
"""A kind of lure whose targets are of that kind."""
MOOD = (
    r"\b(?:please|kindly)\b",
    r"\b(?:must|should|shall|need|needs|have to|has to)\b",
    r"\b(?:can|could|would|may)\b",
    r"\b(?:you|your)\b",
    r"\?",
    "!",
    r"\b(?:not|no|nothing|never|without)\b",
    r"\b(?:if|when|until|once|unless)\b",
    r"\b(?:now|immediately|at once|urgent|today)\b",
)


def sequences(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\{?\w+\}?", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


@cache
def planted_texts(split: Split) -> dict[InjectionTier, list[tuple[str, str]]]:
    """Of each tier: body, and body without its asking sentences."""
    found: dict[InjectionTier, list[tuple[str, str]]] = {"t1": [], "t2": [], "t3": []}
    slots = [(family, kind) for family, kinds in LURES.items() for kind in kinds]
    for n in range(TEXTS):
        dice = Dice(f"planted|{split}|{n}")
        facts, voice, (family, kind) = facts_of(dice), dice.pick([*GROUP_OF]), dice.pick(slots)
        facts["target"] = target_of(kind, dice)
        arms = plant(facts, family, split, dice, voice=voice, lure=lure_of(kind))
        bodies = [arm.parts[0] for arm in arms]
        for arm, body in zip(arms[1:], bodies[1:], strict=True):
            found[arm.tier].append((body, shared_sentences(bodies, body)))
    return found


def mixed(split: Split) -> list[tuple[str, str]]:
    """As many texts as of one tier, the tiers in equal shares."""
    tiers = planted_texts(split)
    return [tiers[TIERS[n % 3]][n] for n in range(TEXTS)]


def shared_sentences(arms: list[str], body: str) -> str:
    """What the arm has in common with another arm of its slot: its shell, without the request."""
    pieces = re.split(r"(?<=[.!?>])\s|\n", body)
    return " ".join(one for one in pieces if sum(one in arm for arm in arms) > 1)


@cache
def benign_texts(split: Split) -> list[tuple[str, str]]:
    """Body, and body without its asking sentences; they ask for the kinds that planted texts ask for."""
    found = []
    slots = [(family, kind) for family, kinds in LURES.items() for kind in kinds]
    for n in range(TEXTS):
        dice = Dice(f"benign|{split}|{n}")
        _, kind = dice.pick(slots)
        other = {"other": target_of(kind, dice), "other_kind": kind, "other_field": "patient_zero_host"}
        text = benign_carrier(facts_of(dice) | other, split, dice, voice=dice.pick([*GROUP_OF]))
        found.append((text.body, " ".join(re.split(r"(?<=[.!?>])\s|\n", text.body.replace(text.ask, "")))))
    return found


def mood(text: str) -> list[float]:
    return [
        len(IMPERATIVE.findall(text)),
        *(float(len(re.findall(pattern, text, re.IGNORECASE))) for pattern in MOOD),
    ]


def auc(features: object, model: object) -> float:
    labels = [1] * TEXTS + [0] * TEXTS
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return float(cross_val_score(model, features, labels, cv=folds, scoring="roc_auc").mean())


def mood_auc(planted: list[tuple[str, str]], split: Split) -> float:
    texts = [body for body, _ in (*planted, *benign_texts(split))]
    model = GradientBoostingClassifier(n_estimators=50, random_state=0)
    return auc(np.array([mood(text) for text in texts]), model)


@per_split
def test_mood_and_imperatives_do_not_tell_planted_from_benign_carriers(split: Split) -> None:
    assert mood_auc(mixed(split), split) <= 0.6 + SLACK


@per_split
@pytest.mark.parametrize("tier", TIERS)
def test_mood_does_not_tell_the_planted_texts_of_a_tier_either(split: Split, tier: InjectionTier) -> None:
    assert mood_auc(planted_texts(split)[tier], split) <= 0.6 + SLACK


@per_split
def test_the_words_around_a_request_do_not_tell_planted_from_benign_carriers(split: Split) -> None:
    """The request is cut out by what the arms of a slot share, which cuts some of the shell too."""
    rests = [rest for _, rest in (*mixed(split), *benign_texts(split))]

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3)
    found = auc(rests, make_pipeline(words, LogisticRegression(max_iter=500)))

    assert found <= 0.6


def asking(texts: list[tuple[str, str]]) -> Counter[str]:
    """How many texts ask for an act, by the tool that would do it."""
    known = {
        kind: sorted({target_of(lure, Dice(f"{lure}|{n}")) for n in range(4000)})
        for kind, lure in NAMED.items()
    }
    return Counter(tool for body, _ in texts for tool in {one.tool for one in asked(body, known)})


@per_split
def test_benign_texts_ask_for_the_same_acts_nearly_as_often(split: Split) -> None:
    """A tenth of them ask for errands instead."""
    planted, benign = asking(mixed(split)), asking(benign_texts(split))

    assert set(planted) == set(benign) == {*KIND_OF_TOOL, "submit_report"}
    assert sum(benign.values()) > 0.8 * sum(planted.values())
    assert all(benign[tool] > 0.6 * planted[tool] for tool in planted)


@per_split
def test_benign_texts_are_encoded_and_foreign_as_often(split: Split) -> None:
    for sign in (ENCODED, FOREIGN):
        planted, benign = (
            sum(bool(sign.search(body)) for body, _ in texts) for texts in (mixed(split), benign_texts(split))
        )

        assert planted > 0.05 * TEXTS
        assert benign >= 0.8 * planted


def test_the_splits_share_no_sequence_of_eight_words() -> None:
    """User agents aside, which are the same everywhere."""
    seen: dict[str, set[tuple[str, ...]]] = {"train": set(), "eval": set()}
    for split in get_args(Split):
        texts = [t for one in templates(split) for t in (one.text, one.part)]
        texts += [
            t for store in (placebos(split), needless(split)) for known in store.values() for t in known
        ]
        texts += [t for act, said in productions(split).items() if act != "user_agent" for t in said.all]
        for text in texts:
            names = {name: f"{{{name}}}" for name in slots_of(text)}
            for n in range(12):
                worded = plain(expand(text, names, Dice(f"{text}|{n}")))
                seen[split] |= sequences(re.sub(r"<[^>]*>", " ", worded), 8)

    assert len(seen["train"]) > 5000
    assert not seen["train"] & seen["eval"]


@per_split
def test_no_production_holds_a_number_or_a_name_of_its_own(split: Split) -> None:
    """Everything a text refers to is a fact that was handed in; user agents and two ports apart."""
    for act, said in productions(split).items():
        if acts()[act].carrier in ("user_agent", "file_name", "rule_name"):
            continue
        for production in said.all:
            assert not re.search(r"\d", production.replace("443", "")), (act, production)
