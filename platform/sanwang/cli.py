"""The console script `sanwang`: a registry. Each command lives in a module of its own and imports its work when it runs."""

import sys

import typer

from sanwang import (
    administration,
    assign_command,
    audit_command,
    calendar_command,
    credit_command,
    database,
    figures_command,
    fund_command,
    index_command,
    lead_command,
    lead_read_command,
    ledger_command,
    match_command,
    network_command,
    operations,
    person_command,
    policy_command,
    policy_office_command,
    ranker_command,
    sla_command,
)

app = typer.Typer(
    help="三网一包：科技创新供应链平台 / the science and technology supply chain platform",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("match", help=match_command.HELP, short_help=match_command.SHORT_HELP)(match_command.match)
app.command("assign", help=assign_command.HELP, short_help=assign_command.SHORT_HELP)(assign_command.assign)

operations.register(app)
app.add_typer(database.app, name="db", short_help=database.HELP)
app.command("open-administrator", short_help=administration.SHORT_HELP)(administration.open_administrator)
app.command("reset-password", short_help=administration.SHORT_HELP_OF_RESET)(administration.reset_password)
app.add_typer(person_command.app, name="person", short_help=person_command.SHORT_HELP)
app.add_typer(index_command.app, name="index", short_help=index_command.SHORT_HELP)
app.add_typer(audit_command.app, name="audit", short_help=audit_command.SHORT_HELP)
app.add_typer(calendar_command.app, name="calendar", short_help=calendar_command.SHORT_HELP)
app.add_typer(sla_command.app, name="sla", short_help=sla_command.SHORT_HELP)
lead_read_command.register(lead_command.app)
app.add_typer(lead_command.app, name="lead", short_help=lead_command.SHORT_HELP)
app.add_typer(ledger_command.app, name="ledger", short_help=ledger_command.SHORT_HELP)
app.add_typer(fund_command.app, name="fund", short_help=fund_command.HELP)
app.add_typer(credit_command.app, name="credit", short_help=credit_command.SHORT_HELP)
figures_command.register(network_command.app)
app.add_typer(network_command.app, name="network", short_help=network_command.SHORT_HELP)
policy_office_command.register(policy_command.app)
app.add_typer(policy_command.app, name="policy", short_help=policy_command.SHORT_HELP)
app.add_typer(ranker_command.app, name="ranker", short_help=ranker_command.SHORT_HELP)


def main() -> None:
    """Entry point of the console script; a setting that cannot be read is a sentence and exit status 2."""
    from backbone.settings import SettingUnusable

    try:
        app()
    except SettingUnusable as unusable:
        typer.echo(str(unusable), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
