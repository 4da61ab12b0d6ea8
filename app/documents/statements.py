"""What a record of others says of an entity: what stands in its own document only as a reference."""

from pydantic import Field

from app.documents.evidence import Document, Ref


class Statement(Document):
    """A relation that a record shows, told from the record that it starts from. Nobody only plans it."""

    subject: Ref = Field(description="The record that it starts from.")
    property: str = Field(description="Which property it states.")
    object: Ref = Field(description="The record that it leads to.")
    character: Ref | None = Field(description="The character that is played.")
    role: str | None = Field(description="In what capacity, in the source's words.")
