"""What a program's module says of it: its words, inputs, candidate patches and tasks."""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files

from pydantic import Field

from opensec_inspect.frozen import Frozen
from opensec_inspect.vuln.authoring.source import Rendered, Words, render
from opensec_inspect.vuln.task.answers import AnyAnswer, PatchWord
from opensec_inspect.vuln.task.builds import InputSpec, ProgramInput, RunResult, Site
from opensec_inspect.vuln.task.truths import Effect, Truth
from opensec_inspect.vuln.task.variants import VulnTask

Runs = Callable[[str, Sequence[ProgramInput]], tuple[RunResult, ...]]
"""Runs a build, by its name in the text, on many values."""
Value = str | Callable[[Words], str]
"""A template to be filled with a seed's words, or a function of them."""


@dataclass(frozen=True, slots=True)
class Given:
    """One value for one input of a program, before a seed fills it in."""

    input: str
    value: Value

    def under(self, words: Words) -> ProgramInput:
        """The value under a seed."""
        value = words.fill(self.value) if isinstance(self.value, str) else self.value(words)
        return ProgramInput(input=words.fill(self.input), value=value)


class InputText(Frozen):
    """What a person is told of one input: templates."""

    form: str
    """What a value looks like."""
    example: str
    """A value that every sound build serves."""


class About(Frozen):
    """The texts and words of a program, from its data file; every text is a template."""

    product: str
    """What it does and for whom."""
    rule: str
    """The stated property."""
    deployment: str = ""
    """For reports: who can reach it and what depends on it."""
    inputs: Mapping[str, InputText]
    """By name."""
    asks: Mapping[str, str]
    """Task id → what is asked; a clean twin asks what its partner asks."""
    names: Mapping[str, str]
    """Name in the text → the names that seeds choose from, separated by spaces."""
    constants: Mapping[str, str]
    """Constant → values separated by `|`; the first belongs to the text as it stands, seeds choose others."""
    choices: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Task id → names to choose from."""


@cache
def about(name: str) -> About:
    """The texts of a program."""
    text = (files("opensec_inspect.vuln") / "data" / f"{name}.toml").read_text(encoding="utf-8")
    return About.model_validate(tomllib.loads(text))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate patch: its name in the program's text, and what is right to say of it."""

    name: str
    verdict: PatchWord
    counter: Given | None = None
    """None for a complete one."""


@dataclass(frozen=True)
class Program:
    """A program and everything that its tasks share."""

    name: str
    """`notebox`: the name of its text, and of the product."""
    effect: Effect
    """How a run shows the defect."""
    demonstrations: tuple[Given, ...]
    """Inputs that show the effect on the defective build."""
    benign: tuple[Given, ...]
    """Inputs that every sound build serves alike."""
    search: Callable[[Words], Iterable[ProgramInput]]
    """The inputs over which proofs search."""
    path: tuple[str, ...] = ()
    """Functions from the entry to the defect, names as in the text."""
    candidates: tuple[Candidate, ...] = ()
    derived: Callable[[Words], Mapping[str, str]] | None = None
    """More constants, computed from the others."""

    @property
    def about(self) -> About:
        """Its texts and words."""
        return about(self.name)


@dataclass(frozen=True)
class Scene:
    """A program under one seed: what makers of answers and truths work on."""

    program: Program
    seed: int | None
    """None for the program as it stands in the package."""
    words: Words
    letters: Mapping[str, str]
    """Candidate's name → name of its build: `patch_a`."""
    clean: bool = False
    """Whether the shipped build is the one without the defect."""
    _renders: dict[str, Rendered] = field(default_factory=dict, compare=False)

    def rendered(self, build: str) -> Rendered:
        """The files of a build by its name in the text."""
        if build not in self._renders:
            self._renders[build] = render(self.program.name, build, self.words)
        return self._renders[build]

    @cached_property
    def shipped(self) -> str:
        """Name in the text of the build that is shipped."""
        return "fixed" if self.clean else "defect"

    def sites(self, *labels: str) -> tuple[Site, ...]:
        """Every line of the shipped build with one of the labels, in the labels' order."""
        found = self.rendered(self.shipped).sites
        return tuple(site for label in labels for site in found.get(label, ()))

    def site(self, label: str) -> Site:
        """The first line with the label; a label that no line has is our own mistake."""
        return self.sites(label)[0]

    def line_of(self, site: Site) -> str:
        """The text of a site's line, without indentation."""
        files = {file.path: file.text for file in self.rendered(self.shipped).files}
        return files[site.file].split("\n")[site.line - 1].strip()

    def given(self, *items: Given) -> tuple[ProgramInput, ...]:
        """The items under this seed."""
        return tuple(item.under(self.words) for item in items)


@dataclass(frozen=True)
class TaskSpec:
    """One task of a program: how its answers are made, given a scene."""

    task: VulnTask
    truth: Callable[[Scene], Truth]
    gold: Callable[[Scene], AnyAnswer]
    naive: Callable[[Scene], AnyAnswer]
    """What a first look suggests; wrong."""
    claim: Callable[[Scene], AnyAnswer]
    """A claim without what would show it; wrong."""
    cwes: tuple[str, ...] = ()
    """Listed in the question."""
    choices: Callable[[Scene], tuple[str, ...]] = lambda scene: ()
    prove: Callable[[Scene, Runs, Truth], Iterable[str]] = lambda scene, runs, truth: ()
    """What a proof over the whole search space finds wrong with the truth; nothing when it holds."""


def input_specs(scene: Scene) -> tuple[InputSpec, ...]:
    """The program's inputs as a person is told of them."""
    fill = scene.words.fill
    return tuple(
        InputSpec(name=fill(name), form=fill(one.form), example=fill(one.example))
        for name, one in scene.program.about.inputs.items()
    )
