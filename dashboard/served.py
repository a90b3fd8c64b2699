"""The dashboard with its headers: `evenlight serve` has Streamlit run this file."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard import warm
from dashboard.headers import Headers

app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(Headers)])

warm.begin()
