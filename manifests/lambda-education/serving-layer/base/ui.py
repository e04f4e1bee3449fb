"""Serving layer, UI: what the API says, as tables and curves."""
import os

import requests
import streamlit as st

API = os.environ["API_URL"]


@st.cache_data(ttl=10)
def ask(path):
    answer = requests.get(f"{API}{path}", timeout=10)
    answer.raise_for_status()
    return answer.json()


st.set_page_config(page_title="Education platform", layout="wide")
st.title("Education platform")
try:
    topic = st.selectbox("Topic", ask("/topics"))
    totals = ask(f"/topics/{topic}/events")
    st.caption(f"Batch views until {totals['batch_until']}, realtime views from there on")
    st.bar_chart(totals["events"])
    st.subheader("The last half hour")
    minutes = ask(f"/topics/{topic}/minutes")
    if minutes:
        st.line_chart(minutes, x="minute", y=["events", "users"])
    else:
        st.info("No events yet.")
    st.subheader("A course")
    course = st.text_input("Course", "course-001")
    st.table(ask(f"/courses/{course}"))
except requests.RequestException as problem:
    st.error(f"The API does not answer: {problem}")
