"""What the command line tells of packs: what a load did or would do, and what an export leaves out."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.pack_loads import Rehearsal
from app.packs.outcome import Loaded
from app.queries.comparison import Comparison


def loaded(console: Console, name: str, result: Loaded) -> None:
    if result.nothing_changed:
        console.print(f"{name}: everything was there already; nothing changed.")
        return
    table = Table("record", "created", "changed", "unchanged", title=name)
    for noun in sorted({*result.created, *result.changed, *result.unchanged}):
        counts = (result.created, result.changed, result.unchanged)
        table.add_row(noun.replace("_", " "), *(str(count[noun]) for count in counts))
    console.print(table)
    flags = ", ".join(f"{reference} ({count})" for reference, count in sorted(result.oddities.items()))
    console.print(f"Oddities met, with the flags each raised: {flags}" if flags else "No oddities met.")
    _intervals(console, result)


def rehearsed(console: Console, name: str, rehearsal: Rehearsal) -> None:
    """What a load would do, record by record; of a trust that is not there yet, by kind alone."""
    result = rehearsal.loaded
    if result.nothing_changed:
        console.print(f"{name}: sound; everything is there already, so loading it changes nothing.")
    else:
        created, changed = sum(result.created.values()), sum(result.changed.values())
        console.print(f"{name}: sound; loading it would create {created} and change {changed} records.")
    told = [change for change in result.changes if change.noun != "data_quality_flag"] if result.unchanged else []
    for change in told:
        console.print(escape(str(change)), soft_wrap=True)
    _intervals(console, result)
    for comparison in rehearsal.comparisons:
        _comparison(console, comparison)
    console.print("Nothing was loaded.")


def left_out(console: Console, counts: Mapping[str, int]) -> None:
    for what, count in sorted(counts.items()):
        console.print(f"Left out: {count} {what}")


def _intervals(console: Console, result: Loaded) -> None:
    for sentence in result.intervals:
        console.print(f"- {escape(sentence)}", soft_wrap=True)
    if not result.intervals:
        console.print("No interval set has a gap or an overlap.")


def _comparison(console: Console, comparison: Comparison) -> None:
    before, after = comparison.before, comparison.after
    console.print(
        f"{after.code} edition {after.edition} against edition {before.edition}, which is in force: "
        + (f"{len(comparison.changes)} differences." if comparison.changes else "no difference.")
    )
    for one in comparison.changes:
        told = ", ".join(f"{field.field}: {field.before} -> {field.after}" for field in one.fields)
        console.print(escape(f"  {one.change} {one.noun} {one.code}{': ' + told if told else ''}"), soft_wrap=True)
