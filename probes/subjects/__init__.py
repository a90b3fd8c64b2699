"""Adapters to the model under audit, by what it can do, opened from a URI."""

from probes.subjects.opening import open_subject

__all__ = ["open_subject"]
