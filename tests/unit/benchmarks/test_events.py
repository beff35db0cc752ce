"""The events that benchmarks are fed with: whole, different by revision, and readable by scoring."""

from benchmarks.events import maxima, region_of, results, revision_of
from benchmarks.load import Load
from services.scoring.consumers import read_fact
from shared.envelope import open_record


def test_the_country_has_2301_municipalities_and_the_region_comes_first():
    every = region_of(2301)
    assert len({one.id for one in every}) == 2301
    assert [one.id for one in every[:43]] == [one.id for one in region_of(43)]
    assert all(one.id.startswith("74-") for one in every[:43])


def test_each_revision_of_a_result_has_other_values_than_the_one_before():
    for procedure, maximum in maxima().items():
        for revision in range(1, 60):
            before, after = (revision_of("m", procedure, maximum, one) for one in (revision, revision + 1))
            assert before.values != after.values, (procedure, revision)


def test_scoring_reads_every_letter():
    letters = list(results(["74-agapovsky-mr"], first=1, revisions=2))
    facts = [
        read_fact(open_record([(name, text.encode()) for name, text in one.headers.items()], one.value))
        for one in letters
    ]
    assert [fact.revision for fact in facts] == [1] * 18 + [2] * 18
    assert {one.key for one in letters} == {"74-agapovsky-mr"}


def test_a_load_asks_for_what_it_was_told():
    request = Load(port=80, path="/x?y=1", headers={"if-none-match": '"e"'}).request()
    assert request == b'GET /x?y=1 HTTP/1.1\r\nhost: 127.0.0.1:80\r\nif-none-match: "e"\r\n\r\n'
