"""What is answered below the application: to what is no HTTP request, or one with a method that HTTP does not know."""

import secrets

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.http import problems
from app.http.edge import GUARDS, READABLE


class Protocol(HttpToolsProtocol):
    """uvicorn's own protocol, which answers what it cannot read with a problem, like everything else here."""

    def send_400_response(self, msg: str) -> None:
        """Answer and close the connection: where the next request begins is not known."""
        problem = problems.unreadable()
        headers = {
            **dict(problem.raw_headers),
            **GUARDS,
            **{name.encode(): value.encode() for name, value in READABLE.items()},
            b"x-request-id": secrets.token_hex(8).encode(),
            b"connection": b"close",
        }
        lines = [b"HTTP/1.1 400 Bad Request", *(name + b": " + value for name, value in headers.items())]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(problem.body)]))
        self.transport.close()
