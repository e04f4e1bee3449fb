"""DAG 1: breweries from the API to the bronze layer, as they are; checked; then whoever waits for them is told."""
import json
import os

import boto3
import pendulum
import requests
from airflow import DAG, Dataset
from airflow.models import Variable
from airflow.operators.python import PythonOperator

BRONZE = Dataset("s3://lakehouse/bronze/breweries")
PREFIX = "bronze/breweries"
PER_PAGE = 200


def store():
    return boto3.client(
        "s3",
        endpoint_url=os.environ["S3_ENDPOINT"],
        aws_access_key_id=os.environ["S3_ACCESS_KEY"],
        aws_secret_access_key=os.environ["S3_SECRET_KEY"],
    )


def folder(day):
    return f"{PREFIX}/date={day}"


def ask(path="", **parameters):
    answer = requests.get(Variable.get("brewery_api") + path, params=parameters, timeout=30)
    answer.raise_for_status()
    return answer.json()


def ingest(ds, **_):
    """Each page of the API is one object, one brewery a line; a second run of a day replaces the first."""
    client, bucket = store(), os.environ["LAKEHOUSE_BUCKET"]
    page = 1
    while rows := ask(page=page, per_page=PER_PAGE):
        lines = "\n".join(json.dumps(row) for row in rows)
        client.put_object(Bucket=bucket, Key=f"{folder(ds)}/page-{page:04}.json", Body=lines.encode())
        page += 1
    if page == 1:
        raise ValueError("the API has no breweries")
    print(f"{page - 1} pages written to s3://{bucket}/{folder(ds)}")


def validate(ds, **_):
    """As many as the API says it has, each once, each with an id and a name."""
    client, bucket = store(), os.environ["LAKEHOUSE_BUCKET"]
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder(ds) + "/")
    seen = set()
    for item in (item for page in pages for item in page.get("Contents", [])):
        for line in client.get_object(Bucket=bucket, Key=item["Key"])["Body"].iter_lines():
            row = json.loads(line)
            if not row.get("id") or not row.get("name"):
                raise ValueError(f"a brewery without id or name in {item['Key']}")
            if row["id"] in seen:
                raise ValueError(f"brewery {row['id']} is there twice")
            seen.add(row["id"])
    expected = int(ask("/meta")["total"])
    if len(seen) < expected:
        raise ValueError(f"{len(seen)} breweries in the bronze layer, {expected} at the API")
    print(f"{len(seen)} breweries are as they should be")


with DAG(
    dag_id="brewapi-ingestion-validation-minio",
    schedule="@daily",
    start_date=pendulum.datetime(2024, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": pendulum.duration(minutes=2)},
    tags=["bronze"],
):
    ingestion = PythonOperator(task_id="ingestion", python_callable=ingest)
    validation = PythonOperator(task_id="validation", python_callable=validate, outlets=[BRONZE])
    ingestion >> validation
