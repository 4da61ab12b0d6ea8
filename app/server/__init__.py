"""Below the framework: processes, sockets and connections, and what is answered from the bytes of a request.

- `processes` begin and end, on the sockets of `listening`; of several, `supervising` starts and ends them.
- `protocol` is that of a connection. It sends what the `cache` has for the same bytes, as long as `watching` sees no
  change of the data; or what `direct` makes of what is asked most: records, `lists` and `searches`, in the one
  transaction that `reading` has in each of the `turns` of the loop. For it, `asking` reads the headers.
- `guarded` is the protocol below that one: uvicorn's, with limits. The `guard` knows what all connections take
  together, and `heads` what a head says. `peers` are clients, to whom `bare` problems are written.

What none of them answers goes to the application by way of `app.http`.
"""
