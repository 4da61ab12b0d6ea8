"""Public data sets, each read by a module of its own into the same few things (`records`).

- All of them read `files`, or `tables` in these, and their `dates`.
- `imdb`, `gcat` and `astronauts` are a module each.
- Launch Library is read by `launches`: `launch_pages` are how files hold its records, `launch_entries` what these have
  in common, and `launch_terms` what its words stand for.
- Wikidata is read by `wikidata`: `wikidata_pages` and `wikidata_rest` are how files hold its items, `wikidata_values`,
  `wikidata_dates` and `wikidata_references` what stands in a statement, `wikidata_kept` which statements count,
  `wikidata_gone` what is there no more, and `wikidata_terms` what its numbers stand for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.importing import astronauts, gcat, imdb, launches, wikidata
from app.importing.files import File
from app.importing.records import Item


@dataclass(frozen=True)
class Dataset:
    """One data set that an import may be of: by whom, under what title, and how its files are read.

    - `again` is what counts where a thing has several records: all of them, the first, or the newest, beside which
      fuller ones tell what it leaves out.
    - `prefix` is what the identifier of a record begins with that is a number but for this; what comes along with a
      record goes with it.
    - `is_referenced`: it says of single statements what it has them from.
    - `speaks_in_passing`: its records say what others are about.
    - `takes_kinds_for_granted`: it refers to things without telling of which kind they are.
    - `told_by_object` is a property at whose other end stands what a record is one of, as an astronaut's of a flight.
    """

    title: str
    publisher: str
    url: str
    read: Callable[[File], Iterator[Item]]
    again: Literal["all", "first", "newest"] = "all"
    prefix: str = ""
    is_referenced: bool = False
    speaks_in_passing: bool = False
    takes_kinds_for_granted: bool = False
    told_by_object: str = ""


_IMDB = ("IMDb", "https://developer.imdb.com/non-commercial-datasets/", imdb.read)
_GCAT = ("Jonathan McDowell", "https://planet4589.org/space/gcat/", gcat.read)
# By the slug of its sources. Titles come before what is said of those that are there. Sites come before organisations,
# which stay known, be they there no more, while a site refers to them.
DATASETS: Mapping[str, Dataset] = {
    "imdb-titles": Dataset("IMDb title.basics", *_IMDB, again="first", prefix="imdb:tt"),
    "imdb-names": Dataset("IMDb name.basics", *_IMDB, again="first", prefix="imdb:nm"),
    "imdb-principals": Dataset("IMDb title.principals", *_IMDB),
    "wikidata": Dataset(
        "Wikidata", "Wikidata", "https://www.wikidata.org/", wikidata.read, again="first", prefix="wikidata:Q",
        is_referenced=True, takes_kinds_for_granted=True,
    ),
    "launch-library": Dataset(
        "Launch Library 2", "The Space Devs", "https://thespacedevs.com/llapi", launches.read, again="newest",
        speaks_in_passing=True,
    ),
    "gcat-sites": Dataset("GCAT launch sites", *_GCAT, again="first"),
    "gcat-orgs": Dataset("GCAT organisations", *_GCAT, again="first"),
    "astronauts": Dataset(
        "Astronaut database", "Corlett, Stavnichuk and Komarova", "https://doi.org/10.17632/n3gmb26xt5.1",
        astronauts.read, told_by_object="participant",
    ),
}  # fmt: skip

# The formats that the command reads, and which data set a file of one is of.
FORMATS: Mapping[str, Callable[[File], str]] = {
    "imdb": imdb.source_of,
    "wikidata": lambda _file: wikidata.SOURCE,
    "launch-library": lambda _file: launches.SOURCE,
    "gcat": gcat.source_of,
    "astronauts": lambda _file: astronauts.SOURCE,
}


def by_dataset(form: str, files: Sequence[File]) -> dict[str, list[File]]:
    """The files of a format by the data sets that they are of, in the order in which these are to be loaded.

    Raises FormatError for one that is none of them, or that cannot be opened, before anything is done.
    """
    found: dict[str, list[File]] = {}
    for file in files:
        with file.opened():
            found.setdefault(FORMATS[form](file), []).append(file)
    return {dataset: found[dataset] for dataset in sorted(found, key=list(DATASETS).index)}
