"""What an address answers that leads to another one."""

from pydantic import Field

from app.documents.evidence import Document


class MovedDocument(Document):
    """What was here has another URL for good: it was merged with something else, or renamed."""

    status: int = Field(description="The HTTP status: 308.")
    url: str = Field(description="The URL that it has now, as in the header Location.")
