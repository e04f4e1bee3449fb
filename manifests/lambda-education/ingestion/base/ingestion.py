"""Batch layer, first half: everything from Kafka, as it is, to the object store.

One stream for each topic. Files are JSON lines below a date; what Kafka said about a record is kept beside it.
"""
import argparse
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, to_date

PREFIXES = {
    "auth_topic": "auth",
    "assessment_topic": "assessments",
    "video_topic": "videos",
    "course_topic": "courses",
    "profile_topic": "profiles",
    "notification_topic": "notifications",
}


def security():
    """Options of the Kafka source for a listener that asks who it is."""
    protocol = os.environ.get("KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")
    options = {"kafka.security.protocol": protocol}
    if protocol.startswith("SASL"):
        options["kafka.sasl.mechanism"] = "SCRAM-SHA-512"
        options["kafka.sasl.jaas.config"] = (
            "org.apache.kafka.common.security.scram.ScramLoginModule required "
            f'username="{os.environ["KAFKA_USERNAME"]}" password="{os.environ["KAFKA_PASSWORD"]}";'
        )
    if protocol.endswith("SSL"):
        options["kafka.ssl.truststore.type"] = "PEM"
        options["kafka.ssl.truststore.location"] = os.environ["KAFKA_CA_FILE"]
    return options


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap-servers", required=True)
    parser.add_argument("--input-topics", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--trigger", default="1 minute")
    arguments = parser.parse_args()

    spark = SparkSession.builder.appName("ingestion").getOrCreate()
    for topic in arguments.input_topics.split(","):
        target = f"{arguments.output}/{PREFIXES[topic]}"
        records = (
            spark.readStream.format("kafka")
            .option("kafka.bootstrap.servers", arguments.bootstrap_servers)
            .option("subscribe", topic)
            .option("startingOffsets", "earliest")
            .option("failOnDataLoss", "false")
            .options(**security())
            .load()
        )
        rows = records.select(
            col("topic"),
            col("partition"),
            col("offset"),
            col("timestamp").alias("received_at"),
            col("value").cast("string").alias("event"),
            to_date(col("timestamp")).alias("date"),
        )
        (
            rows.writeStream.format("json")
            .queryName(topic)
            .partitionBy("date")
            .option("path", target)
            # A name that begins with an underscore is no data to whoever reads the folder.
            .option("checkpointLocation", f"{target}/_checkpoint")
            .trigger(processingTime=arguments.trigger)
            .start()
        )
    spark.streams.awaitAnyTermination()


if __name__ == "__main__":
    main()
