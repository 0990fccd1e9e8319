"""The rule language: one frozen tree, three spellings (Python, text, dicts), and its readings."""
