"""Reads: parameters in, rows out. The only place with selects for the API; knows nothing of HTTP.

Three rooms, each with a door and a map in its `__init__`:

- `records`: one record, and lists of them, filtered, ordered and counted.
- `search`: which records have these words, and where.
- `facts`: what sources state, with the words that say it, and where they differ.

Beside them:

- Between records there are `connections` and `paths`. In time there are the `timeline` and the `calendar`. Whether
  sources bear out a claim, `check` tells, which `asked_claim` has read.
- The base: its `sources`, its `changes`, its present `status`.
- What is called so: the `entities`; of what is not there the `nearest`, or the `fates` of what was.
- What others share: `pages` by key, and the `memory` of what was found.
"""
