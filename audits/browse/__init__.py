"""The rooms behind the dashboard: rows with their decisions, models that answer at once, maps, estimates."""
