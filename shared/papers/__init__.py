"""Papers for people: PDF that a screen reader can read, spreadsheets; the same data give the same bytes."""

from shared.papers.sheets import Sheet, workbook
from shared.papers.typeset import Paper, typeset

__all__ = ["Paper", "Sheet", "typeset", "workbook"]
