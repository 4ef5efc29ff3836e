"""All reads: per noun, the fields it offers, and the questions asked of them."""
