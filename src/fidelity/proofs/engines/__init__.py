"""Engines: ways to decide an obligation. They agree, or say that they do not know."""
