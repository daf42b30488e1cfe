"""The result: one row for each target, as Markdown."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field


def middle(values: list[float], unit: str = "", digits: int = 2) -> str:
    """The median, with the range in brackets if there is more than one value."""
    text = f"{statistics.median(values):,.{digits}f}{unit}"
    if len(values) > 1:
        text += f" ({min(values):,.{digits}f} to {max(values):,.{digits}f})"
    return text


@dataclass
class Row:
    """`ratios` has one value for each repetition; their median decides whether the target `aim` is met."""

    number: int
    what: str
    ours: str = ""
    beside: str = ""
    ratios: list[float] = field(default_factory=list)
    aim: float = 0
    at_most: bool = False
    not_measured: str = ""
    notes: list[str] = field(default_factory=list)

    def met(self) -> bool:
        median = statistics.median(self.ratios)
        return median <= self.aim if self.at_most else median >= self.aim

    def cells(self) -> list[str]:
        aim = f"{'≤' if self.at_most else '≥'} {self.aim:g}"
        if self.not_measured:
            return [str(self.number), self.what, f"not measured: {self.not_measured}", "", "", aim, "–"]
        verdict = "yes" if self.met() else "no"
        return [str(self.number), self.what, self.ours, self.beside, middle(self.ratios), aim, verdict]


HEADINGS = ["", "What", "Colleague Search", "Compared with", "Ratio: median (range)", "Target", "Met"]


def markdown(rows: list[Row]) -> str:
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def notes(rows: list[Row]) -> str:
    parts = []
    for row in rows:
        if row.notes:
            parts.append(f"**{row.number}, {row.what}**\n\n" + "\n".join(f"- {note}" for note in row.notes))
    return "\n\n".join(parts)
