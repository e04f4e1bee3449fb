"""Speed layer: counts what arrives on the six topics by the minute, into the realtime views.

A minute is written again and again while it fills, always whole, and its offsets are committed when it is over: after a
restart the open minutes are read once more and counted to the same numbers.
"""
import json
import os
import pathlib
import time
from collections import Counter, defaultdict
from datetime import datetime, timezone

from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster
from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition

OPEN_MINUTES = 2  # how long a minute may still get late events


def kafka_options():
    options = {"bootstrap_servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"].split(",")}
    protocol = os.environ.get("KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")
    options["security_protocol"] = protocol
    if protocol.startswith("SASL"):
        options["sasl_mechanism"] = "SCRAM-SHA-512"
        options["sasl_plain_username"] = os.environ["KAFKA_USERNAME"]
        options["sasl_plain_password"] = os.environ["KAFKA_PASSWORD"]
    if protocol.endswith("SSL"):
        options["ssl_cafile"] = os.environ["KAFKA_CA_FILE"]
    return options


def connect():
    user = os.environ.get("CASSANDRA_USERNAME")
    auth = PlainTextAuthProvider(user, os.environ["CASSANDRA_PASSWORD"]) if user else None
    cluster = Cluster(os.environ["CASSANDRA_HOSTS"].split(","), port=9042, auth_provider=auth)
    return cluster.connect(os.environ["CASSANDRA_KEYSPACE"])


class Minutes:
    """The minutes that are not over: what was counted, and where in Kafka each begins."""

    def __init__(self):
        self.counts = defaultdict(Counter)  # (topic, minute) -> event type -> events
        self.users = defaultdict(set)  # (topic, minute) -> users
        self.begins = defaultdict(dict)  # minute -> partition -> first offset
        self.ends = {}  # partition -> next offset

    def add(self, record):
        place = TopicPartition(record.topic, record.partition)
        self.ends[place] = record.offset + 1
        minute = record.timestamp // 60_000  # the record's time in Kafka
        try:
            event = json.loads(record.value)
            kind, user = str(event["event_type"]), str(event["user_id"])
        except (ValueError, KeyError, TypeError):
            print(f"not an event: {place} offset {record.offset}", flush=True)
            return
        self.counts[record.topic, minute][kind] += 1
        self.users[record.topic, minute].add(user)
        self.begins[minute].setdefault(place, record.offset)

    def forget(self, before):
        """Drops what is over; true when something was."""
        over = [minute for minute in self.begins if minute < before]
        for minute in over:
            del self.begins[minute]
        for store in (self.counts, self.users):
            for key in [key for key in store if key[1] < before]:
                del store[key]
        return bool(over)

    def safe_offsets(self):
        """From where a restart would count the open minutes whole."""
        offsets = dict(self.ends)
        for begins in self.begins.values():
            for place, offset in begins.items():
                offsets[place] = min(offset, offsets[place])
        return {place: OffsetAndMetadata(offset, "") for place, offset in offsets.items()}


def write(session, insert_count, insert_users, minutes):
    for (topic, minute), counts in minutes.counts.items():
        at = datetime.fromtimestamp(minute * 60, timezone.utc)
        for kind, events in counts.items():
            session.execute(insert_count, (topic, at, kind, events))
        session.execute(insert_users, (topic, at, len(minutes.users[topic, minute])))


def main():
    session = connect()
    insert_count = session.prepare(
        "INSERT INTO realtime_event_counts (topic, minute, event_type, events) VALUES (?, ?, ?, ?)")
    insert_users = session.prepare(
        "INSERT INTO realtime_active_users (topic, minute, users) VALUES (?, ?, ?)")
    consumer = KafkaConsumer(
        *os.environ["INPUT_TOPICS"].split(","), **kafka_options(),
        group_id=os.environ["KAFKA_GROUP_ID"], enable_auto_commit=False, auto_offset_reset="latest")
    minutes = Minutes()
    alive = pathlib.Path("/tmp/alive")
    while True:
        for records in consumer.poll(timeout_ms=5_000, max_records=5_000).values():
            for record in records:
                minutes.add(record)
        write(session, insert_count, insert_users, minutes)
        if minutes.forget(int(time.time()) // 60 - OPEN_MINUTES):
            consumer.commit(minutes.safe_offsets())
        alive.touch()


if __name__ == "__main__":
    main()
