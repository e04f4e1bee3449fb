"""Serving layer, API: batch views and realtime views as one answer."""
import os
from collections import Counter
from datetime import datetime, timezone

from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster
from fastapi import FastAPI, HTTPException

TOPICS = ["auth_topic", "assessment_topic", "video_topic", "course_topic", "profile_topic",
          "notification_topic"]


def connect():
    user = os.environ.get("CASSANDRA_USERNAME")
    auth = PlainTextAuthProvider(user, os.environ["CASSANDRA_PASSWORD"]) if user else None
    cluster = Cluster(os.environ["CASSANDRA_HOSTS"].split(","), port=9042, auth_provider=auth)
    return cluster.connect(os.environ["CASSANDRA_KEYSPACE"])


app = FastAPI(title="Education platform")
session = connect()


def counted_until():
    row = session.execute("SELECT counted_until FROM batch_runs WHERE job = 'batch-layer'").one()
    return row.counted_until if row else datetime(1970, 1, 1)


@app.get("/health")
def health():
    session.execute("SELECT release_version FROM system.local")
    return {"status": "ok"}


@app.get("/topics")
def topics():
    return TOPICS


@app.get("/topics/{topic}/events")
def events(topic: str):
    """Events by type: the batch views up to their last run, the realtime views from there on."""
    if topic not in TOPICS:
        raise HTTPException(404, "no such topic")
    until = counted_until()
    total = Counter()
    for row in session.execute(
            "SELECT event_type, events FROM batch_event_counts WHERE topic = %s", (topic,)):
        total[row.event_type] += row.events
    for row in session.execute(
            "SELECT event_type, events FROM realtime_event_counts WHERE topic = %s AND minute >= %s",
            (topic, until)):
        total[row.event_type] += row.events
    return {"topic": topic, "batch_until": until.replace(tzinfo=timezone.utc).isoformat(),
            "events": dict(total)}


@app.get("/topics/{topic}/minutes")
def minutes(topic: str):
    """The realtime view: events and active users of the last half hour, by the minute."""
    if topic not in TOPICS:
        raise HTTPException(404, "no such topic")
    counts = Counter()
    for row in session.execute(
            "SELECT minute, events FROM realtime_event_counts WHERE topic = %s", (topic,)):
        counts[row.minute] += row.events
    users = {row.minute: row.users for row in session.execute(
        "SELECT minute, users FROM realtime_active_users WHERE topic = %s", (topic,))}
    return [{"minute": minute.replace(tzinfo=timezone.utc).isoformat(), "events": counts[minute],
             "users": users.get(minute, 0)} for minute in sorted(counts)]


@app.get("/courses/{course}")
def course(course: str):
    found = session.execute(
        "SELECT topic, events, students FROM batch_course_activity WHERE course_id = %s", (course,))
    return [{"topic": row.topic, "events": row.events, "students": row.students} for row in found]
