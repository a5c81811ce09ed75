"""`tiwtui list`: the last known state, without asking the service."""

import click

from tiwtui.cli.commands.chosen_tasks import chosen
from tiwtui.cli.options import filter_option, ids_argument, settings_of
from tiwtui.cli.output import OutputFormat, Printer, format_options
from tiwtui.process.gc_pause import without_collecting


@click.command("list")
@ids_argument
@filter_option
@format_options
@click.pass_context
def command(
    context: click.Context, ids: tuple[str, ...], query: str | None, output_format: OutputFormat
) -> None:
    """Print the watch list with the last known state of each task.

    Aligned on a terminal, else tab-separated without a header: task_id sdk_app_id phase label room_id
    videos first_url error_code.
    """
    # Ten thousand tasks make no cycles, and looking for cycles takes a quarter of the time.
    with without_collecting():
        printer = Printer(output_format, is_known=True)
        for saved in chosen(settings_of(context), ids, query):
            printer.take(saved.task, saved.details)
        printer.close()
