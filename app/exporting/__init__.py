"""The whole base as files of other programs' formats, and as files that any file server can host."""
