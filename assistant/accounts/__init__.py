"""The people who may sign in: names, roles, passwords and sessions, kept in the database of the record."""
