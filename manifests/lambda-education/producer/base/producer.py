"""Makes up what students of an education platform do, and sends it to the six topics."""
import json
import os
import pathlib
import random
import time
import uuid
from datetime import datetime, timezone

from kafka import KafkaProducer

COURSES = [f"course-{number:03}" for number in range(1, 41)]
STUDENTS = [f"student-{number:04}" for number in range(1, 501)]
# What happens on a topic, and how often among all that happens.
KINDS = {
    "auth_topic": (2, ["login", "logout", "login_failed"]),
    "assessment_topic": (2, ["quiz_started", "quiz_submitted", "assignment_submitted"]),
    "video_topic": (5, ["video_started", "video_paused", "video_completed"]),
    "course_topic": (2, ["enrolled", "lesson_opened", "completed"]),
    "profile_topic": (1, ["profile_updated", "picture_changed"]),
    "notification_topic": (1, ["notification_sent", "notification_opened"]),
}
WITH_COURSE = {"assessment_topic", "video_topic", "course_topic"}


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


def make_event(topic):
    event = {
        "event_id": str(uuid.uuid4()),
        "event_type": random.choice(KINDS[topic][1]),
        "user_id": random.choice(STUDENTS),
        "timestamp": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
    }
    if topic in WITH_COURSE:
        event["course_id"] = random.choice(COURSES)
    if event["event_type"].endswith("submitted"):
        event["score"] = random.randint(0, 100)
    return event


def main():
    topics = os.environ["OUTPUT_TOPICS"].split(",")
    weights = [KINDS[topic][0] for topic in topics]
    pause = 1 / float(os.environ.get("EVENTS_PER_SECOND", "10"))
    alive = pathlib.Path("/tmp/alive")
    producer = KafkaProducer(
        **kafka_options(),
        acks="all",
        retries=5,
        key_serializer=str.encode,
        value_serializer=lambda event: json.dumps(event).encode(),
    )
    sent = 0
    while True:
        topic = random.choices(topics, weights)[0]
        event = make_event(topic)
        # A student's events keep their order: one key, one partition.
        producer.send(topic, key=event["user_id"], value=event)
        sent += 1
        if sent % 100 == 0:
            producer.flush(timeout=30)
            alive.touch()
            print(f"{sent} events sent", flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    main()
