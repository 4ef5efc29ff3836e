"""Identity providers: which of them are trusted, what their tokens say, and sessions of pages."""
