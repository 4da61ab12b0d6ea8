"""filmspace: a knowledge base of film and spaceflight with a receipt for every value."""

__version__ = "0.1.0"
