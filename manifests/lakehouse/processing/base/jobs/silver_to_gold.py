"""Silver to gold: views that are ready for a question, each a Delta table that is written anew."""
import argparse

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, count, countDistinct, lit


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()

    spark = SparkSession.builder.appName("brew-silver-to-gold").getOrCreate()
    silver = spark.read.format("delta").load(arguments.input)
    views = {
        "breweries_by_type_and_country": silver.groupBy("country", "brewery_type").agg(
            count(lit(1)).alias("breweries")),
        "breweries_by_city": silver.groupBy("country", "state_province", "city").agg(
            count(lit(1)).alias("breweries"), countDistinct("brewery_type").alias("types")),
        "breweries_on_the_map": silver.where(col("longitude").isNotNull() & col("latitude").isNotNull())
        .select("id", "name", "brewery_type", "country", "longitude", "latitude"),
    }
    for name, rows in views.items():
        rows.write.format("delta").mode("overwrite").option("overwriteSchema", "true").save(
            f"{arguments.output}/{name}")
        print(f"{name} written")
    spark.stop()


if __name__ == "__main__":
    main()
