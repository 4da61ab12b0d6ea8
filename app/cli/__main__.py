"""`python -m app.cli` is the command."""

from app.cli import main

main()
