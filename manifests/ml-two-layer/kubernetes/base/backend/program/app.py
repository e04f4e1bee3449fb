"""Models and their predictions: models lie in S3, requests are recorded in PostgreSQL, answers are cached in Redis."""
import json
import logging
import os
import sys
import uuid
from contextvars import ContextVar

import boto3
import psycopg
import redis
from botocore.config import Config
from fastapi import FastAPI, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

correlation = ContextVar("correlation", default="-")


class AsJson(logging.Formatter):
    """One line of JSON for each record, with the request that it belongs to."""
    def format(self, record):
        return json.dumps({"time": self.formatTime(record), "level": record.levelname, "correlation_id": correlation.get(),
                           "message": record.getMessage()})


handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(AsJson())
logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"), handlers=[handler])
log = logging.getLogger("backend")
logging.getLogger("botocore").setLevel(logging.WARNING)

PREDICTIONS = Counter("ml_predictions", "Predictions", ["model", "cached"])
DURATION = Histogram("ml_prediction_duration_seconds", "Time of a prediction", ["model"])
REQUESTS = Counter("http_requests", "Requests", ["path", "status"])

style = "path" if os.environ.get("S3_FORCE_PATH_STYLE") == "true" else "auto"
s3 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"], config=Config(s3={"addressing_style": style}))
bucket = os.environ["S3_BUCKET"]
cache = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=2)
app = FastAPI(title="ML platform")


def database():
    return psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3, autocommit=True)


@app.middleware("http")
async def correlate(request: Request, call_next):
    correlation.set(request.headers.get("X-Correlation-ID") or uuid.uuid4().hex)
    response = await call_next(request)
    route = request.scope.get("route")
    REQUESTS.labels(route.path if route else "other", response.status_code).inc()
    response.headers["X-Correlation-ID"] = correlation.get()
    log.info("%s %s %s", request.method, request.url.path, response.status_code)
    return response


@app.get("/health/live")
def live():
    return {"status": "alive"}


@app.get("/health/ready")
def ready():
    """Ready to serve; how the stores are is told by /health/dependencies: a cache that is away must not empty the Service."""
    return {"status": "ready"}


@app.get("/health/dependencies")
def dependencies(response: Response):
    def ask_database():
        with database() as connection:
            connection.execute("SELECT 1")

    answers = {}
    for name, ask in {"database": ask_database, "cache": cache.ping,
                      "storage": lambda: s3.head_bucket(Bucket=bucket)}.items():
        try:
            ask()
            answers[name] = "up"
        except Exception as error:  # of three different libraries
            answers[name] = f"down: {type(error).__name__}"
            response.status_code = 503
    return answers


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@app.get("/api/models")
def models():
    found = s3.list_objects_v2(Bucket=bucket, Prefix="models/").get("Contents", [])
    return [{"name": each["Key"].removeprefix("models/").removesuffix(".json"), "size": each["Size"]} for each in found]


@app.post("/api/models/{name}/predictions")
def predict(name: str, x: float):
    key = f"prediction:{name}:{x}"
    with DURATION.labels(name).time():
        known = cache.get(key)
        if known is not None:
            PREDICTIONS.labels(name, "yes").inc()
            return {"model": name, "x": x, "y": float(known)}
        try:
            model = json.loads(s3.get_object(Bucket=bucket, Key=f"models/{name}.json")["Body"].read())
        except s3.exceptions.NoSuchKey as error:
            raise HTTPException(404, "there is no such model") from error
        y = model["slope"] * x + model["intercept"]
        cache.setex(key, 300, y)
        with database() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS predictions (model text, x double precision, y double precision, "
                               "at timestamptz DEFAULT now())")
            connection.execute("INSERT INTO predictions (model, x, y) VALUES (%s, %s, %s)", (name, x, y))
    PREDICTIONS.labels(name, "no").inc()
    return {"model": name, "x": x, "y": y}
