"""What all answers share: parameters, problems, formats, caching, cursors, and what is around every request.

A request that was not answered below the framework (`app.server`) passes these, and each of them may answer it:

- `turns`: who is answered when, and who waits.
- `edge`: the layer around the framework, with `proxies`, `metrics` and `logged`. Within it is `compressing`.
- `bodies` and `bearers`: the routes of what takes a body, or a token.
- `read` and `writing`: what an endpoint is given, a transaction and the ways to answer. It takes `parameters`, of
  which some are `names` and some `cursors`; `formats` and `caching` are about the answer.

What goes wrong is told by `problems`, and by `moved` what is elsewhere now. `broken` answers for a database that
cannot be read, of which `reach` tells the log, and `foreign` for the errors of an app that is not ours.
"""
