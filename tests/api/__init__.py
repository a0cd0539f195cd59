"""The API, through its own doors: a real server, a real store."""
