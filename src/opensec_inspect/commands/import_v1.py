"""`opensec import-v1`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensec_inspect.v1.published_data.importing import Imported
    from opensec_inspect.v1.scenario import V1Scenario


@click.command("import-v1")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--audit", is_flag=True, help="Say what is wrong with each scenario that was imported.")
def import_v1(source: Path, out: Path, audit: bool) -> None:
    """Read the published v1 scenarios at SOURCE into seed files for `-T split=v1:OUT`.

    SOURCE is a published .jsonl file, a folder of them, or a folder of *_seed.json and
    *_ground_truth.json files. Files go to OUT/<split>/, so that `split=v1:OUT/eval` plays one split. A row
    that cannot be played is left out with the reason; the others are imported, and the exit code is 1.
    """
    from opensec_inspect.errors import BadInputError
    from opensec_inspect.v1.published_data.importing import import_v1 as imported
    from opensec_inspect.v1.published_data.stored import write_scenarios

    if out.exists() and any(out.iterdir()):
        raise BadInputError(f"{out} is not empty; give a folder that does not exist yet.")
    found = imported(source)
    write_scenarios(found.scenarios, out)
    _tell(found, out)
    if audit:
        _tell_flaws(found.scenarios)
    if found.refused:
        raise SystemExit(1)


def _tell(found: "Imported", out: Path) -> None:
    click.echo("| split | tier | family | scenarios |\n|---|---|---|---|")
    for count in found.counts():
        click.echo(f"| {count.split} | {count.tier} | {count.family} | {count.scenarios} |")
    click.echo(f"\n{len(found.scenarios)} scenarios in {out}, {len(found.refused)} rows left out")
    for row in found.refused:
        click.echo(f"left out: {row.where}: {row.reason}")


def _tell_flaws(scenarios: tuple["V1Scenario", ...]) -> None:
    from opensec_inspect.v1.published_data.audit import FLAWS, audit

    findings = {scenario.scenario_id: audit(scenario) for scenario in scenarios}
    click.echo()
    for scenario, listed in findings.items():
        for finding in listed:
            click.echo(f"{scenario}: {finding.flaw}: {finding.detail}")
    click.echo(f"\n| flaw | scenarios of {len(findings)} |\n|---|---|")
    for flaw in FLAWS:
        count = sum(any(finding.flaw == flaw for finding in listed) for listed in findings.values())
        click.echo(f"| {flaw} | {count} |")
