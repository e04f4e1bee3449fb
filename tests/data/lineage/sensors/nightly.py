from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.sensors.external_task import ExternalTaskSensor

with DAG(dag_id="nightly"):
    arrived = S3KeySensor(task_id="arrived", bucket_name="lake", bucket_key="raw/*.csv")
    dump = EmptyOperator(task_id="dump")
    after = ExternalTaskSensor(task_id="after", external_dag_id="ingest", external_task_id="load")
    made = S3KeySensor(task_id="made", bucket_key=input("which? "))
    arrived >> dump
