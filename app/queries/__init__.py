"""Reads: parameters in, rows out. The only place with selects for the API; knows nothing of HTTP."""
