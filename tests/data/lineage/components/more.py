from airflow import DAG


def copy():
    rows = client.get_object(Bucket="lake", Key="silver/orders")
    requests.post("https://api.example.com/v1/orders", json=rows)


with DAG("more", schedule="@daily"):
    run = KubernetesJobOperator(task_id="run", job_template_file="job.yaml")
    create = KubernetesCreateResourceOperator(task_id="create", yaml_conf_file="thing.yaml")
    put = S3CreateObjectOperator(task_id="put", s3_bucket="lake", s3_key="gold/orders")
    take = S3ToRedshiftOperator(task_id="take", s3_bucket="lake", s3_key="gold/orders")
    make = S3CreateBucketOperator(task_id="make", bucket_name="other")
    call = HttpOperator(task_id="call", http_conn_id="shop")
    copied = PythonOperator(task_id="copy", python_callable=copy)
    run >> create >> put >> take >> make >> call >> copied
