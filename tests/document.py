"""The OpenAPI document, which takes a second to be made."""

from app.main import create_app
from app.settings import Settings

DOCUMENT = create_app(Settings()).openapi()
