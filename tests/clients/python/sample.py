"""Reads films with the client that is made from the OpenAPI document: python sample.py http://host:port

It prints the labels of all films, of those made at one place, the receipts of one record, and what is wrong with the
name of another.
"""

import sys

from films_client import Client
from films_client.api.films import get_film, list_films
from films_client.models import FactDocument, FilmDocument, FilmPage, GetFilmEvidence, Problem


def main(host: str) -> None:
    """Print what there is."""
    with Client(base_url=host, raise_on_unexpected_status=True) as client:
        for page in (
            list_films.sync(client=client),
            list_films.sync(client=client, filming_location=["international-space-station"], limit=1),
        ):
            assert isinstance(page, FilmPage)
            print(page.count, [film.label for film in page.results], "and more" if page.next_ else "in all")

        film = get_film.sync("the-challenge", client=client, evidence=GetFilmEvidence.QUOTES)
        assert isinstance(film, FilmDocument)
        print(film.name, film.release_date, film.planned, film.duration_minutes)
        for fact in film.facts["release_date"] if film.facts else []:
            assert isinstance(fact, FactDocument)
            print(fact.modality.value, [one.quote for one in fact.evidence])

        missing = get_film.sync_detailed("the-chalenge", client=client)
        assert isinstance(missing.parsed, Problem)
        print(missing.status_code.value, missing.parsed.code.value, missing.parsed.errors[0].did_you_mean)


if __name__ == "__main__":
    main(sys.argv[1])
