"""Batch layer, second half: recomputes the batch views from everything in the object store.

Counts events that are older than a few minutes (younger ones may still be on their way through the ingestion job); the
realtime views cover the rest. An event that was written twice is counted once.
"""
import json
import os
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone

from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster
from minio import Minio

PREFIXES = {
    "auth_topic": "auth",
    "assessment_topic": "assessments",
    "video_topic": "videos",
    "course_topic": "courses",
    "profile_topic": "profiles",
    "notification_topic": "notifications",
}


def connect():
    user = os.environ.get("CASSANDRA_USERNAME")
    auth = PlainTextAuthProvider(user, os.environ["CASSANDRA_PASSWORD"]) if user else None
    cluster = Cluster(os.environ["CASSANDRA_HOSTS"].split(","), port=9042, auth_provider=auth)
    return cluster.connect(os.environ["CASSANDRA_KEYSPACE"])


def rows(store, bucket, prefix):
    """What the ingestion job wrote below a prefix; not its bookkeeping."""
    for found in store.list_objects(bucket, prefix + "/", recursive=True):
        if "/_" in found.object_name or not found.object_name.endswith(".json"):
            continue
        answer = store.get_object(bucket, found.object_name)
        try:
            for line in answer.read().splitlines():
                yield json.loads(line)
        finally:
            answer.close()
            answer.release_conn()


class Views:
    def __init__(self, until):
        self.until = until
        self.counts = Counter()  # (topic, day, event type)
        self.courses = Counter()  # (course, topic)
        self.students = defaultdict(set)  # (course, topic)
        self.seen = set()
        self.events = 0

    def add(self, topic, row):
        at = datetime.fromisoformat(row["received_at"].replace("Z", "+00:00"))
        if at >= self.until:
            return
        try:
            event = json.loads(row["event"])
            identity, kind = event["event_id"], str(event["event_type"])
        except (ValueError, KeyError, TypeError):
            return
        if identity in self.seen:
            return
        self.seen.add(identity)
        self.events += 1
        self.counts[topic, at.date(), kind] += 1
        if course := event.get("course_id"):
            self.courses[course, topic] += 1
            self.students[course, topic].add(event.get("user_id"))


def write(session, views):
    count = session.prepare(
        "INSERT INTO batch_event_counts (topic, day, event_type, events) VALUES (?, ?, ?, ?)")
    course = session.prepare(
        "INSERT INTO batch_course_activity (course_id, topic, events, students) VALUES (?, ?, ?, ?)")
    run = session.prepare(
        "INSERT INTO batch_runs (job, counted_until, finished_at, events) VALUES (?, ?, ?, ?)")
    for (topic, day, kind), events in views.counts.items():
        session.execute(count, (topic, day, kind, events))
    for (name, topic), events in views.courses.items():
        session.execute(course, (name, topic, events, len(views.students[name, topic])))
    # Last: whoever reads this row finds all the others.
    session.execute(run, ("batch-layer", views.until, datetime.now(timezone.utc), views.events))


def main():
    endpoint = os.environ["S3_ENDPOINT"]
    store = Minio(
        endpoint.removeprefix("https://").removeprefix("http://"),
        access_key=os.environ["S3_ACCESS_KEY"],
        secret_key=os.environ["S3_SECRET_KEY"],
        secure=endpoint.startswith("https://"),
    )
    until = datetime.now(timezone.utc).replace(second=0, microsecond=0) - timedelta(minutes=5)
    views = Views(until)
    for topic, prefix in PREFIXES.items():
        for row in rows(store, os.environ["INPUT_BUCKET"], prefix):
            views.add(topic, row)
    write(connect(), views)
    print(f"{views.events} events counted until {until.isoformat()}", flush=True)


if __name__ == "__main__":
    main()
