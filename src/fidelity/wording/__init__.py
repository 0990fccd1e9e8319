"""How numbers, days, terms and reasons are said, in English and in Spanish.

Knows words and values. Does not know rules, accounts or events.
"""
