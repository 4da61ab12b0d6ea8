"""Other ways to write what is answered as JSON: linked data and Markdown. Pure: documents in, data or text out."""
