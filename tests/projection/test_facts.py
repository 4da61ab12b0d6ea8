"""Which fact a record shows, where only one thing tells two apart; without a database, since nothing of it is read."""

from datetime import date

import pytest

from app.projection.facts import Fact, SourceOf, Statement, facts_of, slip_of, winner
from app.vocabulary import PROPERTIES


def some_facts(name: str, *told: tuple[str, int], modality: str = "asserted") -> list[Fact]:
    """A fact for each (value, day of May 2020 on which a publisher of its own said so)."""
    return facts_of(
        Statement(
            source=SourceOf(place, f"paper-{place}", f"Paper {place}", f"sha-{place}", date(2020, 5, day)), place=place,
            fact_id=f"fact-{place}", subject_id=1, property=name, value=value, object_id=None, character_id=None,
            role=None, point_in_time=None, modality=modality, attributed_to=None, is_preferred=False,
        )
        for place, (value, day) in enumerate(told)
    )  # fmt: skip


@pytest.mark.parametrize("stages", [("filming", "released"), ("released", "filming")])
def test_of_two_stages_of_one_day_the_later_stage_is_shown(stages: tuple[str, str]) -> None:
    facts = some_facts("production_status", *((stage, 3) for stage in stages))
    assert winner(PROPERTIES["production_status"], facts).says.value == "released"


def test_a_doubted_day_refines_no_sure_month() -> None:
    prop = PROPERTIES["release_date"]
    assert winner(prop, some_facts(prop.name, ("2020-05-03?", 1), ("2020-05", 2))).says.value == "2020-05"
    assert winner(prop, some_facts(prop.name, ("2020-05-03", 1), ("2020-05", 2))).says.value == "2020-05-03"


def test_a_plan_that_only_another_plan_replaces_has_not_slipped() -> None:
    prop = PROPERTIES["release_date"]
    plans = some_facts(prop.name, ("2021-05", 1), ("2021-06", 2), modality="planned")
    assert slip_of(prop, plans, winner(prop, plans)) == []
    (happened,) = some_facts(prop.name, ("2021-07", 3))
    assert slip_of(prop, [*plans, happened], happened) == plans
