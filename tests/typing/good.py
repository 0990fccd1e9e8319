"""What a user may write: mypy --strict accepts every line."""
