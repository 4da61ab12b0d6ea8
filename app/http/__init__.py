"""What all answers share: parameters, problems, formats, caching, cursors, and what is around every request.

A request passes these from the socket inwards, and each of them may answer it:

- `wire`: the protocol of a connection. It sends what the `cache` has for the same bytes, or what `direct` makes of
  what is asked most, for which `asking` reads the headers.
- `guarded`: the protocol below that one, which is uvicorn's with limits. The `guard` knows what all connections take
  together, the `line` whose turn it is, `hosts` for whom a request is. `peers` are clients, to whom `bare` problems are
  written.
- `edge`: the layer around the framework, with `proxies`, `metrics` and `logged`. Within it is `compressing`.
- `bodies` and `bearers`: the routes of what takes a body, or a token.
- `read` and `writing`: what an endpoint is given, a transaction and the ways to answer. It takes `parameters`, of
  which some are `names` and some `cursors`; `formats` and `caching` are about the answer.

What goes wrong is told by `problems`, and by `moved` what is elsewhere now. `broken` answers for a database that
cannot be read, of which `reach` tells the log, and `foreign` for the errors of an app that is not ours.
"""
