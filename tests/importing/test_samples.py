"""The readers over samples of the real data sets, where these lie beside the checkout; none of them is ours."""

from collections import Counter

import pytest

from app.importing import DATASETS, by_dataset
from app.importing.files import File
from app.importing.records import Entry, Item, Unreadable
from tests.importing.makers import is_in_passing, needs_samples, said, sample
from tests.importing.test_readers import check_it_fits

pytestmark = needs_samples


def read(form: str, path: str) -> list[Item]:
    file = File(sample(path))
    ((dataset, (found,)),) = by_dataset(form, [file]).items()
    items = list(DATASETS[dataset].read(found))
    check_it_fits(items)
    return items


@pytest.mark.parametrize(
    ("form", "path", "entities", "unreadable"),
    [
        ("imdb", "imdb/title.basics.tsv.gz", 987, 0),
        ("imdb", "imdb/name.basics.tsv.gz", 5145, 0),
        ("gcat", "gcat/orgs.tsv.gz", 1991, 0),
        ("gcat", "gcat/sites.tsv.gz", 361, 0),
        ("wikidata", "wikidata/dump-sample.json.gz", 9, 0),
        ("wikidata", "wikidata/Q2262932.json", 1, 0),
        ("wikidata", "wikidata/Q646148.json.gz", 1, 0),
        ("wikidata", "wikidata/api/wbgetentities-Q6-Q42-P31.json.gz", 1, 1),
        ("wikidata", "wikidata/api/wbgetentities-bogus.json", 0, 1),
        ("launch-library", "launch-library/2.0-launch-previous.json", 13, 0),
        ("launch-library", "launch-library/3.3.1-astronauts.json", 9, 0),
        ("launch-library", "launch-library/3.3.1-spacestations.json", 8, 0),
    ],
)
def test_every_record_is_read(form: str, path: str, entities: int, unreadable: int) -> None:
    items = read(form, path)
    assert len({one.key for one in items if isinstance(one, Entry) and not is_in_passing(one)}) == entities
    assert sum(isinstance(one, Unreadable) for one in items) == unreadable


def test_the_credits_of_imdb() -> None:
    items = read("imdb", "imdb/title.principals.tsv.gz")
    said_of_all = Counter(told.property for one in items if isinstance(one, Entry) for told in one.statements)
    assert said_of_all["director"] == 840
    assert said_of_all["screenwriter"] == 503
    assert not any(isinstance(one, Unreadable) for one in items)


def test_astronauts_of_whom_cells_go_over_lines() -> None:
    items = read("astronauts", "astronauts/astronauts.csv.gz")
    people = {one.key for one in items if isinstance(one, Entry) and one.key.kind == "person"}
    assert len(people) == 286
    assert not any(isinstance(one, Unreadable) for one in items)
    assert all("\u00ad" not in (told.value or "") for one in items if isinstance(one, Entry) for told in one.statements)


def test_what_wikidata_says_of_a_film() -> None:
    items = read("wikidata", "wikidata/Q2262932.json")
    told = said(items, "film/wikidata:Q2262932")
    assert {("identifier", "imdb:tt0021750"), ("duration", "82 minute"), ("release_date", "1931")} <= set(told)
    assert len([one for one in told if one[0] == "cast"]) == 9
