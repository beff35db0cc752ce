"""Papers for people: PDF that a screen reader can read, DOCX, spreadsheets; the same data give the same bytes."""

from shared.papers.blocks import Block, Blocks, Bullets, Grid, Heading, Paragraph, Picture
from shared.papers.printing import exactly, typeset, word
from shared.works.pdf import Paper
from shared.works.sheets import Sheet, workbook

__all__ = [
    "Block",
    "Blocks",
    "Bullets",
    "Grid",
    "Heading",
    "Paper",
    "Paragraph",
    "Picture",
    "Sheet",
    "exactly",
    "typeset",
    "word",
    "workbook",
]
