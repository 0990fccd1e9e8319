"""The shop: orders, and the points that come with them."""
