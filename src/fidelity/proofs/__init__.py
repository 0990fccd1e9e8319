"""Proofs: what a program promises is shown to hold for everybody, or the two members who would be wronged are."""
