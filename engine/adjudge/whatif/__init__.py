"""What-if: scenarios over a bundle, and what they do to its grades."""
