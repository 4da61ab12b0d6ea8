"""HTTP: validates a request, calls one query, answers. One file for each noun."""
