"""Files of results become bodies of `POST /v1/results`, or are refused in words; each row is reported."""

from json import loads
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.files import post_files, read_results
from deploy.cli.load import load_files
from deploy.local import Failed

ROW = {
    "procedure": "vpr",
    "subject": {"municipality": "75712000"},
    "period": "2023",
    "source": "demo",
    "values": {"i1": "1.50", "i2": None},
}
HEAD = "\ufeffprocedure;municipality;organization;period;source;occurred_at;i1;i2;i3\n"
TABLE = f"{HEAD}vpr;75712000;;2023;demo;; 1.50;null;\n"


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_text(text, encoding=encoding)
    return file


@pytest.mark.parametrize("text", [TABLE, TABLE.replace(";", ","), TABLE.replace("\n", "\r\n")])
def test_a_table_is_read_whatever_divides_it(tmp_path: Path, text: str):
    assert read_results(written(tmp_path, "a.csv", text)) == [ROW]


def test_a_russian_spreadsheet_writes_fractions_with_a_comma(tmp_path: Path):
    rows = "procedure;municipality;period;source;comment;i1;i2\nvpr;75712000;2023;demo;1,5;0,50;-1,5\n"
    [found] = read_results(written(tmp_path, "a.csv", rows))
    assert (found["values"], found["comment"]) == ({"i1": "0.50", "i2": "-1.5"}, "1,5")


def test_a_workbook_is_named_as_what_it_is(tmp_path: Path):
    (tmp_path / "a.csv").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(Failed, match="электронной таблицы") as told:
        read_results(tmp_path / "a.csv")
    assert "CSV UTF-8" in told.value.remedy


@pytest.mark.parametrize("text", ['[{"a": 1.50}]', '{"items": [{"a": 1.50}]}'])
def test_numbers_of_json_stay_as_they_are_written(tmp_path: Path, text: str):
    assert read_results(written(tmp_path, "a.json", text)) == [{"a": "1.50"}]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "procedure;period\n", "source"),
        ("a.csv", "procedure;period;source\nvpr;2023\n", "строка 2"),
        ("a.csv", "procedure;period;source\nvpr;2023;demo;1\n", "строка 2"),
        ("a.csv", "procedure;period;source;i1; i1\nvpr;2023;demo;1;\n", "дважды: i1"),
        ("a.csv", "procedure;period;source;;\nvpr;2023;demo;1;2\n", "дважды: «»"),
        ("in cp1251.csv", "procedure;комментарий\n", "UTF-8"),
        ("a.json", "[1,", "не JSON"),
        ("a.json", "5", "нужен список"),
        (
            "a.csv",
            f"procedure;period;source;comment\nvpr;2023;demo;{'x' * 131_073}\n",
            "строка 2: ячейка длиннее 131072",
        ),
        ("a.csv", 'procedure;period;source\nvpr;2023;"demo\nvpr;2024;demo\n', "строка 2: кавычка"),
        ("a.json", "[" * 100_000, "вложен"),
        ("a.json", '[{"values": {"i1": NaN}}]', "NaN"),
        ("a.json", '[{"values": {"i1": "1", "i1": "2"}}]', "дважды: i1"),
        ("a.xlsx", "x", ".csv"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, text: str, says: str):
    with pytest.raises(Failed) as caught:
        read_results(written(tmp_path, name, text, "cp1251" if "cp1251" in name else "utf-8"))
    assert says in caught.value.message
    assert caught.value.remedy


class Posted:
    """Answers a batch as monitoring does; remembers how many rows each had."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def post(self, _service: str, _path: str, body: dict[str, Any]) -> dict[str, Any]:
        self.sizes.append(len(body["items"]))
        lines = [
            {"index": n, "event": None, "status": "accepted", "id": "r", "revision": 1, "errors": []}
            for n in range(len(body["items"]))
        ]
        return {"items": lines}


def test_rows_are_numbered_through_the_batches_of_each_file(tmp_path: Path):
    api, files = Posted(), [written(tmp_path, f"{n}.json", "[" + ",".join(["{}"] * 250) + "]") for n in (1, 2)]
    rows = list(post_files(api, files, lambda _: None))
    assert api.sizes == [200, 50, 200, 50]
    assert [(row["file"], row["row"]) for row in rows] == [(str(file), n) for file in files for n in range(1, 251)]


@pytest.mark.parametrize("json", [False, True])
def test_what_was_sent_before_a_failure_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, json: bool
):
    class Failing(Posted):
        def post(self, _service: str, _path: str, body: dict[str, Any]) -> dict[str, Any]:
            if self.sizes:
                raise Failed("monitoring не отвечает", "повторите")
            return super().post(_service, _path, body)

    monkeypatch.setattr("deploy.cli.load.Api", Failing)
    file = written(tmp_path, "a.json", "[" + ",".join(["{}"] * 250) + "]")
    with pytest.raises(Failed, match="не отвечает"):
        load_files([file], json=json)
    told = capsys.readouterr().out
    assert len(loads(told)["items"] if json else told.splitlines()) == 200


def test_nothing_is_sent_before_every_file_is_read(tmp_path: Path):
    api, good = Posted(), written(tmp_path, "a.json", "[{}]")
    with pytest.raises(Failed):
        list(post_files(api, [good, tmp_path / "none.json"], lambda _: None))
    assert api.sizes == []
