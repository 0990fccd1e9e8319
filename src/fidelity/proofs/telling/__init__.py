"""Telling: findings in words, as text and as a page, in English and in Spanish."""
