"""A base in which everything occurs that other formats could falsify: uncertain dates, plans, disputes, denials."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tests.makers import SEED, a_claim, a_folder, load

ARTICLE = """publisher: The Sample Almanac
published: 2022-03-04
language: en
---
“Long Dust” is a documentary of 95 minutes, shot from 2019 to 2020 on Deck Nine and narrated by Ben Ito.
It was released on May 1, 2021, is listed as imdb:tt7654321, and has a score by Zed [1] *and* <b>friends</b>.
Ann Orr, born in 1970 or so, will direct the sequel, “More Dust,” in which Ben Ito plays the captain, Jo Vane.
A film about tides, made around 2018, has no title. “It is not a comedy,” Orr said of Long Dust.
Orr hopes that Long Dust will be a classic. According to Orr, the film was made to warn of storms.
The Deck Nine landing, in 2018 or 2019, took 3 days; Ben Ito watched it. The Dust Expo ran from 2019 to 2020.
The Dust Gala will be held on Deck Nine in 2024 with Ben Ito as host. Deck Nine is 12 miles up.
Red Works, a partner of Blue Works, produced Long Dust. Ben Ito belongs to Red Works.
"""
OTHER = """publisher: The Other Gazette
published: 2022-03-05
language: en
---
“Long Dust” was released on June 2, 2021.
"""
FILM, SEQUEL, TIDES = "film/long-dust", "film/more-dust", "film/tides"
ANN, BEN, VANE = "person/ann-orr", "person/ben-ito", "character/jo-vane"
DECK, LANDING, EXPO, GALA = "place/deck-nine", "event/landing", "event/dust-expo", "event/dust-gala"
RED, BLUE = "organisation/red-works", "organisation/blue-works"


def _implied(*told: Any, quote: str, **more: Any) -> dict[str, Any]:
    return a_claim(*told, quote=quote, inference="implied", **more)


CLAIMS = [
    a_claim(FILM, "name", "Long Dust", quote="“Long Dust” is a documentary"),
    a_claim(FILM, "film_type", "documentary", quote="“Long Dust” is a documentary"),
    a_claim(FILM, "duration", "95 minute", quote="“Long Dust” is a documentary of 95 minutes"),
    _implied(FILM, "filming_date", "2019/2020", quote="“Long Dust” is a documentary of 95 minutes, shot from 2019 to 2020"),
    a_claim(FILM, "filming_location", object=DECK, quote="“Long Dust” is a documentary of 95 minutes, shot from 2019 to 2020 on Deck Nine"),
    a_claim(FILM, "narrator", object=BEN, quote="“Long Dust” is a documentary of 95 minutes, shot from 2019 to 2020 on Deck Nine and narrated by Ben Ito"),
    _implied(FILM, "release_date", "2021-05-01", quote="It was released on May 1, 2021"),
    _implied(FILM, "identifier", "imdb:tt7654321", quote="is listed as imdb:tt7654321"),
    _implied(FILM, "description", "a score by Zed [1] *and* <b>friends</b>", quote="a score by Zed [1] *and* <b>friends</b>"),
    a_claim(SEQUEL, "name", "More Dust", quote="the sequel, “More Dust,”"),
    a_claim(SEQUEL, "director", object=ANN, quote="Ann Orr, born in 1970 or so, will direct the sequel, “More Dust,”", modality="planned"),
    a_claim(SEQUEL, "cast", object=BEN, qualifiers={"character": VANE}, quote="“More Dust,” in which Ben Ito plays the captain, Jo Vane"),
    a_claim(ANN, "name", "Ann Orr", quote="Ann Orr, born"),
    _implied(ANN, "birth_date", "1970~", quote="Ann Orr, born in 1970 or so"),
    a_claim(BEN, "name", "Ben Ito", quote="narrated by Ben Ito"),
    a_claim(VANE, "name", "Jo Vane", quote="the captain, Jo Vane"),
    a_claim(VANE, "occupation", "captain", quote="the captain, Jo Vane", modality="fictional"),
    a_claim(VANE, "present_in_work", object=SEQUEL, quote="“More Dust,” in which Ben Ito plays the captain, Jo Vane"),
    a_claim(TIDES, "label", "A film about tides", quote="A film about tides"),
    _implied(TIDES, "point_in_time", "2018~", quote="A film about tides, made around 2018"),
    a_claim(FILM, "genre", "comedy", quote="“It is not a comedy,” Orr said of Long Dust", modality="negated", attributed_to="Orr"),
    a_claim(FILM, "distinction", "a classic", quote="Orr hopes that Long Dust will be a classic", modality="hoped", attributed_to="Orr"),
    _implied(FILM, "goal", "to warn of storms", quote="According to Orr, the film was made to warn of storms", modality="reported", attributed_to="Orr"),
    a_claim(LANDING, "name", "Deck Nine landing", quote="The Deck Nine landing"),
    _implied(LANDING, "date", "[2018,2019]", quote="The Deck Nine landing, in 2018 or 2019"),
    a_claim(LANDING, "duration", "3 day", quote="The Deck Nine landing, in 2018 or 2019, took 3 days"),
    _implied(LANDING, "participant", object=BEN, qualifiers={"role": "watched it"}, quote="The Deck Nine landing, in 2018 or 2019, took 3 days; Ben Ito watched it"),
    a_claim(EXPO, "name", "Dust Expo", quote="The Dust Expo ran"),
    a_claim(EXPO, "date", "2019/2020", quote="The Dust Expo ran from 2019 to 2020"),
    a_claim(GALA, "name", "Dust Gala", quote="The Dust Gala will be held"),
    a_claim(GALA, "date", "2024", quote="The Dust Gala will be held on Deck Nine in 2024", modality="planned"),
    a_claim(GALA, "location", object=DECK, quote="The Dust Gala will be held on Deck Nine", modality="planned"),
    a_claim(GALA, "participant", object=BEN, qualifiers={"role": "host"}, quote="The Dust Gala will be held on Deck Nine in 2024 with Ben Ito as host", modality="planned"),
    a_claim(DECK, "name", "Deck Nine", quote="on Deck Nine and narrated"),
    a_claim(DECK, "altitude", "12 mile", quote="Deck Nine is 12 miles up"),
    a_claim(RED, "name", "Red Works", quote="Red Works, a partner"),
    a_claim(BLUE, "name", "Blue Works", quote="a partner of Blue Works"),
    a_claim(RED, "partner", object=BLUE, quote="Red Works, a partner of Blue Works"),
    a_claim(FILM, "production_company", object=RED, quote="Red Works, a partner of Blue Works, produced Long Dust"),
    a_claim(BEN, "affiliation", object=RED, quote="Ben Ito belongs to Red Works"),
]  # fmt: skip
OTHER_CLAIMS = [
    a_claim(FILM, "name", "Long Dust", quote="“Long Dust” was released"),
    a_claim(FILM, "release_date", "2021-06-02", quote="“Long Dust” was released on June 2, 2021"),
]


def load_almanac(engine: Engine, folder: Path) -> None:
    """Load it all, with the project's own article beside it."""
    load(engine, SEED)
    load(engine, a_folder(folder, "sample-almanac-2022", ARTICLE, CLAIMS))
    load(engine, a_folder(folder, "other-gazette-2022", OTHER, OTHER_CLAIMS, entities=[]))
