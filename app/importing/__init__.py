"""Public data sets, each read by a module of its own into the same few things (`app.importing.records`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.importing import astronauts, gcat, imdb, launches, wikidata
from app.importing.files import File
from app.importing.records import Item


@dataclass(frozen=True)
class Dataset:
    """One data set that an import may be of: by whom, under what title, and how its files are read.

    One that `is_referenced` says of single statements what it has them from. One that has a single record of each
    thing `is_single`; where it tells it by an identifier that is this `prefix` and a number, what comes along with
    a record goes with it. Records of one that `has_modes` may be shorter or fuller. Records of one that
    `speaks_in_passing` say what others are about. One that `takes_kinds_for_granted` refers to things without
    telling of which kind they are. Where a record is one of what stands at the other end of a property, as an
    astronaut's of a flight, that is `told_by_object`.
    """

    title: str
    publisher: str
    url: str
    read: Callable[[File], Iterator[Item]]
    is_referenced: bool = False
    prefix: str = ""
    is_single: bool = False
    has_modes: bool = False
    speaks_in_passing: bool = False
    takes_kinds_for_granted: bool = False
    told_by_object: str = ""


_IMDB = ("IMDb", "https://developer.imdb.com/non-commercial-datasets/", imdb.read)
_GCAT = ("Jonathan McDowell", "https://planet4589.org/space/gcat/", gcat.read)
# By the slug of its sources. Titles come before what is said of those that are there.
DATASETS: Mapping[str, Dataset] = {
    "imdb-titles": Dataset("IMDb title.basics", *_IMDB, prefix="imdb:tt"),
    "imdb-names": Dataset("IMDb name.basics", *_IMDB, prefix="imdb:nm"),
    "imdb-principals": Dataset("IMDb title.principals", *_IMDB),
    "wikidata": Dataset(
        "Wikidata", "Wikidata", "https://www.wikidata.org/", wikidata.read, is_referenced=True, prefix="wikidata:Q",
        takes_kinds_for_granted=True,
    ),
    "launch-library": Dataset(
        "Launch Library 2", "The Space Devs", "https://thespacedevs.com/llapi", launches.read, is_single=True,
        has_modes=True, speaks_in_passing=True,
    ),
    "gcat-orgs": Dataset("GCAT organisations", *_GCAT, is_single=True),
    "gcat-sites": Dataset("GCAT launch sites", *_GCAT, is_single=True),
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
    return {dataset: found[dataset] for dataset in DATASETS if dataset in found}
