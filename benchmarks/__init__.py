"""Measurements of what the program does, on data that lies outside of the project."""
