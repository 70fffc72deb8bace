"""The help of `opensec play`: whoever plays a case is told of the case's calls, not of the experiment."""

import click

EXPERIMENT = ("order", "noise", "provenance", "injection_tier", "player", "feedback", "no_score")
"""Options that set up an experiment; their names alone say what is measured."""
TELLING = ("score", "log")
"""Commands for after a case."""
_PLAYING = "opensec_inspect.playing"


class PlayHelp(click.Group):
    """A group with a short help where `--state` is given; elsewhere the experiment's options stand apart."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; remembers whether a state file was named, for the help may be asked before it."""
        ctx.meta[_PLAYING] = any(arg.partition("=")[0] == "--state" for arg in args)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, without those for after a case where one is played."""
        names = super().list_commands(ctx)
        return [name for name in names if not (ctx.meta.get(_PLAYING) and name in TELLING)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options in sections, then the commands."""
        kept = {"--state", "--help"} if ctx.meta.get(_PLAYING) else None
        sections: dict[str, list[tuple[str, str]]] = {"Options": [], "For experiments": []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and (kept is None or kept & {*param.opts}):
                section = "For experiments" if param.name in EXPERIMENT else "Options"
                sections[section].append(record)
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
        self.format_commands(ctx, formatter)
