"""Other ways to write what is answered as JSON: linked data, Markdown, calendars, feeds, and the front door's page.

Pure: documents in, data or text out.
"""
