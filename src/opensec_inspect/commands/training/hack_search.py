"""`opensec hack-search`."""

import click

from opensec_inspect.commands.summarize import FORMATS


@click.command("hack-search")
@click.option("--length", type=click.IntRange(0, 5), default=2, show_default=True, help="Macro-actions.")
@click.option("--cases", type=click.IntRange(2), default=8, show_default=True, help="Of the train split.")
@click.option("--stage", type=int, default=3, show_default=True, help="Stage of the curriculum, 1 to 3.")
@click.option("--updates", type=click.IntRange(0), default=120, show_default=True, help="Of the learner.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def hack_search(length: int, cases: int, stage: int, updates: int, form: str) -> None:
    """Look for policies that a reward pays for the wrong reasons, under every profile.

    Plays every sequence of at most LENGTH macro-actions and a report, then trains a small policy per
    profile. Exits with 1 when one earns more than certified and careful. Length 2 takes about 2 s a case,
    length 3 six times that.
    """
    from opensec_inspect.errors import BadInputError
    from opensec_inspect.report.tables.writing import write_tables
    from opensec_inspect.training.curriculum import train_cases
    from opensec_inspect.training.edge.telling import evenly, search_table
    from opensec_inspect.training.profiles import PROFILES, stage_of
    from opensec_inspect.training.search.enumerating import search
    from opensec_inspect.training.search.learned import learn
    from opensec_inspect.training.search.learner import Recipe, Tree

    known = stage_of(stage)
    chosen = evenly(train_cases(), cases)
    found = list(search(chosen, length=length, stage=known, keep=3))
    tree = Tree(chosen)
    learned = [
        learn(chosen, profile, known, Recipe(updates=updates), tree=tree)
        for profile in (PROFILES.values() if updates else ())
    ]
    write_tables((search_table([*found, *learned], raw=form in ("csv", "json")),), form)
    holes = [one.hole for one in found if one.hole] + [one.hole for one in learned if one.hole]
    if holes:
        raise BadInputError(f"{len(holes)} searches found a policy that earns more than honest play.")
