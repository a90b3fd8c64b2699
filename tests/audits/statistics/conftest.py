"""Oracles import slowly, and machines are shared: an example may take its time."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
