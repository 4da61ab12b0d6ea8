"""filmspace: a knowledge base of film and spaceflight with a receipt for every value."""

__version__ = "0.1.0"
# Of the program and of what was written for it, as SPDX names it.
LICENCE = "Apache-2.0"
LICENCE_URL = "https://www.apache.org/licenses/LICENSE-2.0"
