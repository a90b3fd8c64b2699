"""Probes: instruments that touch a model and return arrays with named axes."""
