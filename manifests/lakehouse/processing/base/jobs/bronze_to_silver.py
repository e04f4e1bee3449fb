"""Bronze to silver: cleansing, deduplication, one schema. Merged into a Delta table, by the brewery's id."""
import argparse

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, initcap, row_number, trim
from pyspark.sql.types import DoubleType
from pyspark.sql.window import Window

COLUMNS = ["id", "name", "brewery_type", "city", "state_province", "postal_code", "country",
           "longitude", "latitude", "website_url"]


def cleaned(raw):
    """Texts trimmed, coordinates as numbers, the newest row of each brewery, none without id, name or country."""
    rows = raw.select(*COLUMNS, col("date").alias("ingested_on"))
    for name in COLUMNS:
        rows = rows.withColumn(name, trim(col(name).cast("string")))
    for name in ("longitude", "latitude"):
        rows = rows.withColumn(name, col(name).cast(DoubleType()))
    rows = rows.withColumn("country", initcap("country")).dropna(subset=["id", "name", "country"])
    newest = Window.partitionBy("id").orderBy(col("ingested_on").desc())
    return rows.withColumn("age", row_number().over(newest)).where("age = 1").drop("age")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()

    spark = SparkSession.builder.appName("brew-bronze-to-silver").getOrCreate()
    rows = cleaned(spark.read.json(arguments.input))
    rows.createOrReplaceTempView("incoming")
    columns = ", ".join(f"{field.name} {field.dataType.simpleString()}" for field in rows.schema)
    spark.sql(f"CREATE TABLE IF NOT EXISTS delta.`{arguments.output}` ({columns}) USING delta")
    spark.sql(f"""
        MERGE INTO delta.`{arguments.output}` AS silver USING incoming ON silver.id = incoming.id
        WHEN MATCHED AND incoming.ingested_on >= silver.ingested_on THEN UPDATE SET *
        WHEN NOT MATCHED THEN INSERT *""")
    print(f"{rows.count()} breweries merged into {arguments.output}")
    spark.stop()


if __name__ == "__main__":
    main()
