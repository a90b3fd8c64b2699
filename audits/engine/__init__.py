"""The engine: runs a plan, and the bench that measures for its audits."""
