"""The passport as a file: no value of it is a formula to a spreadsheet."""

import csv
import io

from services.scoring.domain.publication.passport import Field
from services.scoring.usecases.publication.filing import passport_files


def test_no_value_of_the_passport_runs_as_a_formula():
    fields = [Field("title", "Наименование", '=HYPERLINK("http://x")'), Field("version", "Версия", "1")]
    table, plain = passport_files(fields)
    rows = list(csv.reader(io.StringIO(table.body.whole().decode())))
    assert rows[1:] == [["title", "Наименование", '\'=HYPERLINK("http://x")'], ["version", "Версия", "1"]]
    assert b'"value":"=HYPERLINK(' in plain.body.whole()
