"""What a user must not write: mypy --strict refuses each line marked `# error: <code>`, and no other."""
