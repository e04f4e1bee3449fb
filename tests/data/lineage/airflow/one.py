from airflow import DAG, Dataset

BRONZE = Dataset("s3://lakehouse/bronze")


def fetch():
    rows = requests.get("https://api.example.com/v1/things").json()
    hook.load_string(rows, key="bronze/x.json", bucket_name="lakehouse")


with DAG("one", schedule="@daily"):
    a = PythonOperator(task_id="fetch", python_callable=fetch)
    b = PythonOperator(task_id="validate", python_callable=check, outlets=[BRONZE])
    c = TriggerDagRunOperator(task_id="go", trigger_dag_id="three")
    d = ExternalTaskSensor(task_id="wait", external_dag_id="two", external_task_id="gold")
    a >> b >> c
