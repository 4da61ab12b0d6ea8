"""The API on the settings in force, for whoever serves it: `app.main:app`."""

from app.application import create_app
from app.settings import get_settings

app = create_app(get_settings())
