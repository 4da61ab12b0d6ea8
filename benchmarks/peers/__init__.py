"""Other ways to serve the same films, each written as its users would, and the base that they all read."""
