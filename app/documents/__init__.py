"""Models of JSON: what records, facts and sources look like in answers, and what is read of others."""
