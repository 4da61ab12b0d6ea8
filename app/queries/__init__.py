"""Reads: parameters in, rows out. The only place with selects for the API; knows nothing of HTTP.

- Lists of records: `records` finds a page, or one record, and `stored` does so by SQLite's driver alone. `fields` and
  `filters` are what can be asked, `sets` and `listing` what was found, `facets` how it is counted. A record may come
  with the records beside it, `included`, and with the `statements` of others on it.
- Facts: `facts` finds them by their ids or by an entity, `fact_lists` by anything else, such as their `senses`.
  `numbers` counts them, and `clocks` tells when they were held.
- Search: `search` shows `hits` with `snippets`; `known` is what the index knows of the words, `corrections` what may
  be meant by words that find nothing.
- Between records there are `connections` and `paths`. In time there are the `timeline` and the `calendar`. Where
  sources differ is `truth`; whether they bear out a claim, `check` tells, which `asked_claim` has read.
- The base: its `sources`, its `changes`, its present `status`.
- What is called so: `entities` by kind/slug, records by any of their `names`; of what is not there the `nearest`, or
  the `fates` of what was.
- What others share: `pages` by key, and the `memory` of what was found.
"""
