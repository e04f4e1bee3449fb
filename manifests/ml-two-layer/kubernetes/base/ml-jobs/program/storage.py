"""The bucket, by the same variables as in every environment."""
import json
import os
import sys

import boto3
from botocore.config import Config

style = "path" if os.environ.get("S3_FORCE_PATH_STYLE") == "true" else "auto"
s3 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"], config=Config(s3={"addressing_style": style}))
bucket = os.environ["S3_BUCKET"]


def objects(prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [each["Key"] for page in pages for each in page.get("Contents", [])]


def read(key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def write(key, text):
    s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
    json.dump({"message": "written", "key": key, "bytes": len(text)}, sys.stdout)
    print(flush=True)
