"""What all answers share: parameters, problems, formats, caching, cursors, and what is around every request."""
