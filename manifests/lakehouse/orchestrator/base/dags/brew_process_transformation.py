"""DAG 2: bronze to silver to gold, with Spark, whenever DAG 1 has brought something new."""
import pendulum
from airflow import DAG, Dataset
from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator

BRONZE = Dataset("s3://lakehouse/bronze/breweries")
SILVER = Dataset("s3://lakehouse/silver/breweries")
GOLD = Dataset("s3://lakehouse/gold")

with DAG(
    dag_id="brew-process-transformation",
    schedule=[BRONZE],
    start_date=pendulum.datetime(2024, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1, "retry_delay": pendulum.duration(minutes=5)},
    tags=["silver", "gold"],
):
    bronze_to_silver = SparkKubernetesOperator(
        task_id="bronze-to-silver",
        namespace="processing",
        application_file="brew-bronze-to-silver.yaml",
        kubernetes_conn_id="kubernetes_default",
        inlets=[BRONZE],
        outlets=[SILVER],
    )
    silver_to_gold = SparkKubernetesOperator(
        task_id="silver-to-gold",
        namespace="processing",
        application_file="brew-silver-to-gold.yaml",
        kubernetes_conn_id="kubernetes_default",
        inlets=[SILVER],
        outlets=[GOLD],
    )
    bronze_to_silver >> silver_to_gold
