"""filmspace: a knowledge base of film and spaceflight with a receipt for every value."""
