"""Audits: the questions, the evidence they gather and the verdicts they reach."""
