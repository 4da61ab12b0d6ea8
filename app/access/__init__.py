"""Who may write over HTTP: tokens, and the answers that are kept for requests that come again."""
