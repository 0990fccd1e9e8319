"""The host: a Django project with a shop, and the books of its loyalty program in the shop's own database."""
