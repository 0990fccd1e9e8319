"""The books of the loyalty program, in tables of this host: a journal over Django's ORM."""
