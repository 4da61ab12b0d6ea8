"""From a folder with an article and its claims to evidence in the database: parse, refuse or load, project."""
