"""The subcommands of `opensec`, one module each, imported when used."""
