"""Measurements of what the program does: of its drafts, and of its speed."""
