"""Intervals, tests, corrections, and the rules by which rates become verdicts."""
