"""What a load over HTTP is answered."""

from typing import Literal

from pydantic import Field

from app.documents.evidence import Document


class LoadDocument(Document):
    """What loading a source did."""

    slug: str = Field(description="The slug of the source.")
    url: str = Field(description="Path of the source.")
    outcome: Literal["loaded", "unchanged"] = Field(
        description="loaded: this is its newest version. unchanged: exactly this was its newest version already."
    )
    version: int = Field(description="The version of the source that this is.")
    revision: int = Field(description="The newest revision of the data: that of the load, or of what followed from it.")
    changes_url: str = Field(description="Path of what the load changed; an empty list where it changed nothing.")
    report: list[str] = Field(description="What was done, in lines for people, as `filmspace load` prints them.")
