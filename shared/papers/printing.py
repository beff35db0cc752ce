"""Papers as files, each made in a process of its own."""

import orjson

from shared.aside import aside
from shared.papers.blocks import Blocks
from shared.version import VERSION
from shared.works.pdf import Paper, compile_pdf, told
from shared.works.word import write_word


async def typeset(paper: Paper) -> bytes:
    """The PDF of a paper; a fault of the template is a bug: Unavailable, with its text in the log."""
    return await aside(compile_pdf, told(paper), who="readers")


def exactly(paper: Paper) -> bytes:
    """What the bytes of its PDF follow from: the same, the same PDF, which need not be made to know that."""
    return VERSION.encode() + told(paper)


async def word(blocks: Blocks) -> bytes:
    """The DOCX of a paper; the same paper gives the same bytes."""
    paper = blocks.paper()
    data = {"data": paper.data, "pictures": dict(paper.pictures), "made_at": int(paper.made_at.timestamp())}
    return await aside(write_word, orjson.dumps(data), who="readers")
