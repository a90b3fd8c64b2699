"""The dashboard: `evenlight serve` runs this file in Streamlit."""

from dashboard.shell import main

main()
