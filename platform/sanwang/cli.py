"""The console script `sanwang`: a registry. Each command lives in a module of its own and imports its work when it runs."""

import typer

from sanwang import administration, audit_command, match_command, operations

app = typer.Typer(
    help="三网一包：科技创新供应链平台 / the science and technology supply chain platform",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("match", help=match_command.HELP, short_help=match_command.SHORT_HELP)(match_command.match)

operations.register(app)
app.command("open-administrator", short_help=administration.SHORT_HELP)(administration.open_administrator)
app.add_typer(audit_command.app, name="audit", short_help=audit_command.SHORT_HELP)


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
