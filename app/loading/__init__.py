"""From a folder with an article and its claims to evidence in the database: parse, refuse or load, project.

- An article: `seed` reads its folder, with `yaml_lines` for the YAML, `header` for the head of the text and `malformed`
  for what is wrong with their form. The `gate` judges its claims by the vocabulary (`fitting`) and by their words
  (`grounding`, the `dates` and `amounts` in them, the `days` and what is `relative` to that of the article, and their
  `edges`); `notes` are what the curator says besides. `examining` does all of this for one article, tells `corrections`
  of its text, and finds by `matching` what is held already; `load` stores the `rows` of what passes. `problems` are
  what is refused, and `reports` say what was done.
- A data set: `datasets` imports it. `preparing` reads its files, `bulk` writes the rows, of what is `known` or made,
  and `ending` ends what is told no more; `kinds` leaves out what takes a thing for another kind, what is of no known
  kind is `called` by its label, and `identifying` makes one of what has one of the `identifiers` in common. `dumps` is
  the whole evidence as lines, and back.
- Judgements: `merging` merges and renames, `undo` takes back. Each of them, as each load, is one of the `revisions`.
"""
