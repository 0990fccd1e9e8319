"""Spelling: how each part of a program is written as plain data, TOML, YAML and JSON, and read again."""
