"""The routes, by subject. Each file has one `router`."""
