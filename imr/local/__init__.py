"""One machine's servers and processes: embedded PostgreSQL and Redis, and `make run`."""
