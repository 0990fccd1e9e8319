"""Saying: a program as printed terms, part by part."""
