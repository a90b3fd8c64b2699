"""The demo: real data and models from pinned wheels, and the moderation models trained on them."""
