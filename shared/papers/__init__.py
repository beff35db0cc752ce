"""Papers for people: PDF that a screen reader can read, DOCX, spreadsheets; the same data give the same bytes."""

from shared.papers.blocks import Block, Blocks, Bullets, Grid, Heading, Paragraph, Picture
from shared.papers.sheets import Sheet, workbook
from shared.papers.typeset import Paper, typeset
from shared.papers.word import word

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
    "typeset",
    "word",
    "workbook",
]
