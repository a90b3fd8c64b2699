"""How things look, for the reports and the dashboard alike: colours, verdict marks, text made safe to show."""
