"""filmspace: a knowledge base of film and spaceflight with a receipt for every value.

CONTRIBUTING.md says what is in each folder, and the first lines of a large one what is in its files. Here is what
they stand on:

- What can be said: the `vocabulary`, and the `schemes` of identifiers. `values` are written, shown and compared, with
  dates as `edtf` reads them and `dating` tells them in words; `weighing` is how one that is claimed stands to one that
  is stated.
- Texts: `passages` are places in them, `words` what searches compare, and `spelling` tells how near two words are.
- The database: `db` opens it and `migrate` brings it up to date. `prepared` has selects that are compiled once and
  `fulltext` the index of words. There is a `budget` for reading, and an `audit` looks whether all that is held still
  holds.
- The `application`, which `main` has on the `settings` in force. `logs` writes its lines.
- A second process that computes: `beside`.
"""

__version__ = "0.1.0"
# Of the program and of what was written for it, as SPDX names it.
LICENCE = "Apache-2.0"
LICENCE_URL = "https://www.apache.org/licenses/LICENSE-2.0"
