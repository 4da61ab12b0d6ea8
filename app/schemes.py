"""Identifiers elsewhere, as scheme:id: what they look like, and where they lead. Data only."""

from collections.abc import Mapping

from app.vocabulary import KINDS, Kind

# Where an identifier leads, by scheme and kind, for the schemes that have a page for each.
IDENTIFIER_URLS: Mapping[tuple[str, Kind], str] = {
    **{("wikidata", kind): "http://www.wikidata.org/entity/{}" for kind in KINDS},
    ("imdb", "film"): "https://www.imdb.com/title/{}/",
    ("imdb", "person"): "https://www.imdb.com/name/{}/",
    ("imdb", "organisation"): "https://www.imdb.com/company/{}/",
    ("tmdb", "film"): "https://www.themoviedb.org/movie/{}",
    ("tmdb", "person"): "https://www.themoviedb.org/person/{}",
    ("eidr", "film"): "https://doi.org/{}",
    ("orcid", "person"): "https://orcid.org/{}",
    ("viaf", "person"): "https://viaf.org/viaf/{}",
    ("viaf", "organisation"): "https://viaf.org/viaf/{}",
}

# What an identifier of a well-known scheme looks like, by scheme and kind, with an example; others may be anything.
IDENTIFIER_FORMS: Mapping[tuple[str, Kind], tuple[str, str]] = {
    **{("wikidata", kind): (r"Q[1-9]\d*", "Q405") for kind in KINDS},
    **{("ll2", kind): (r"[a-z]+(?:-[a-z0-9]+)+", "astronaut-617") for kind in KINDS},
    **{("isni", kind): (r"\d{15}[\dX]", "0000000121212017") for kind in KINDS if kind in ("person", "organisation")},
    **{("viaf", kind): (r"\d+", "102333412") for kind in KINDS if kind in ("person", "organisation")},
    **{("tmdb", kind): (r"\d+", "568") for kind in KINDS if kind in ("film", "person")},
    ("imdb", "film"): (r"tt\d+", "tt0112384"),
    ("imdb", "person"): (r"nm\d+", "nm0000129"),
    ("imdb", "organisation"): (r"co\d+", "co0005073"),
    ("imdb", "event"): (r"ev\d+", "ev0000003"),
    ("eidr", "film"): (r"10\.5240/(?:[0-9A-F]{4}-){5}[0-9A-Z]", "10.5240/EA73-79D7-1B2B-B378-3A73-M"),
    ("iso3166", "place"): (r"[A-Z]{3}", "USA"),
    ("orcid", "person"): (r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", "0000-0002-1825-0097"),
}

# Data sets of whose identifiers addresses are made, and what the rest of one looks like there. What is in several has
# the address of the first of these; one that a curator gave, which looks like none of them, comes before all.
ADDRESSES: Mapping[str, str] = {
    "wikidata": r"q\d+(?:-.+)?",
    "imdb": r"(?:tt|nm|co|ev)\d+(?:-.+)?",
    "ll2": r"[a-z]+-.+",
    "gcat": r".+",
    "gcatsite": r".+",
    "iso3166": r"[a-z]{3}",
    "astronauts": r"\d+|mission-.+",
}
