// SPDX-License-Identifier: GPL-3.0-or-later
// What the document of the data lakehouse asks for is in its manifests, as they render.
#include "tests/manifests/facttable.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <set>

using tests::PlatformManifests;

namespace {

const std::string kContainer = "/spec/template/spec/containers/0";

void databaseFacts()
{
    const char* folder = "database/overlays/practice";
    tests::addFact(folder, "StatefulSet", "postgres", "/metadata/namespace", "database");
    tests::addFact(folder, "StatefulSet", "postgres", "/spec/template/spec/containers/0/image",
                   "docker.io/library/postgres:12.22");
    tests::addFact(folder, "Service", "postgres", "/spec/ports/0/port", "5432");
}

void storageFacts()
{
    const char* folder = "deepstorage/overlays/practice";
    tests::addFact(folder, "Deployment", "minio", "/metadata/namespace", "deepstorage");
    tests::addFact(folder, "Service", "minio", "/spec/type", "LoadBalancer");
    tests::addFact(folder, "Service", "minio", "/spec/ports/0/port", "9000");
    // A cluster without load balancers would wait for one for good.
    tests::addFact("deepstorage/overlays/local", "Service", "minio", "/spec/type", "NodePort");
    tests::addFact("deepstorage/overlays/minikube", "Service", "minio", "/spec/type",
                   "LoadBalancer");
    tests::addFact("deepstorage/overlays/eks", "Service", "minio", "/spec/type", "LoadBalancer");
}

void airflowFacts()
{
    const char* folder = "orchestrator/overlays/practice";
    const auto environment = [&](const char* key, const char* value) {
        tests::addFact(folder, "ConfigMap", "airflow-environment",
                       qPrintable(QString("/data/") + key), value);
    };
    environment("AIRFLOW__CORE__EXECUTOR", "KubernetesExecutor");
    environment("AIRFLOW__KUBERNETES_EXECUTOR__NAMESPACE", "orchestrator");
    environment("AIRFLOW__METRICS__STATSD_ON", "True");
    environment("AIRFLOW_VAR_SPARK_IMAGE", "docker.io/apache/spark-py:v3.3.2");
    for (const char* name : {"airflow-scheduler", "airflow-webserver", "airflow-triggerer"}) {
        tests::addFact(folder, "Deployment", name, "/metadata/namespace", "orchestrator");
        tests::addFact(folder, "Deployment", name, "/spec/template/spec/serviceAccountName",
                       "airflow-worker");
        tests::addFact(folder, "Deployment", name,
                       "/spec/template/spec/containers/1/ports/0/containerPort", "9091");
    }
    tests::addFact("orchestrator/overlays/minikube", "ConfigMap", "airflow-environment",
                   "/data/AIRFLOW_VAR_SPARK_IMAGE_PULL_POLICY", "Never");
}

void otherFacts()
{
    tests::addFact("cicd/overlays/practice", "ConfigMap", "argocd-cm",
                   "/data/timeout.reconciliation", "180s");
    // Argo CD finds its configuration by this label, and takes the poll from its environment.
    tests::addFact("cicd/overlays/practice", "ConfigMap", "argocd-cm",
                   "/metadata/labels/app.kubernetes.io~1part-of", "argocd");
    tests::addFact("cicd/overlays/practice", "StatefulSet", "argocd-application-controller",
                   "/spec/template/spec/containers/0/env/0/valueFrom/configMapKeyRef/key",
                   "timeout.reconciliation");
    tests::addFact("cicd/overlays/practice", "Deployment", "argocd-server", "/metadata/namespace",
                   "cicd");
    tests::addFact("management/overlays/practice", "Deployment", "reflector", "/metadata/namespace",
                   "management");
    tests::addFact("grafana/overlays/practice", "Deployment", "grafana", "/metadata/namespace",
                   "monitoring");
    tests::addFact("prometheus/overlays/practice", "Deployment", "prometheus",
                   "/metadata/namespace", "monitoring");
    tests::addFact("jupyter/overlays/practice", "Deployment", "jupyterlab", "/metadata/namespace",
                   "jupyter");
    tests::addFact("processing/overlays/practice", "Deployment", "spark-operator-controller",
                   "/metadata/namespace", "processing");
}

void accessFacts()
{
    const char* folder = "misc/overlays/practice";
    const char* admin = "airflow-worker-cluster-admin";
    tests::addFact(folder, "ClusterRoleBinding", admin, "/roleRef/name", "cluster-admin");
    tests::addFact(folder, "ClusterRoleBinding", admin, "/subjects/0/name", "airflow-worker");
    tests::addFact(folder, "ClusterRoleBinding", admin, "/subjects/0/namespace", "orchestrator");
    const char* executors = "processing-default-spark-executor-management";
    tests::addFact(folder, "ClusterRoleBinding", executors, "/subjects/0/name", "default");
    tests::addFact(folder, "ClusterRoleBinding", executors, "/subjects/0/namespace", "processing");
    tests::addFact("misc/overlays/production", "ClusterRoleBinding", admin, "/roleRef/name",
                   "<absent>");
    for (const char* secret : {"minio-secrets", "postgres-secrets"})
        tests::addFact(folder, "Secret", secret,
                       "/metadata/annotations/"
                       "reflector.v1.k8s.emberstack.com~1reflection-auto-namespaces",
                       "processing,jupyter,orchestrator");
}

void storageClassFacts()
{
    const auto claim = [](const char* component, const char* name) {
        const QByteArray minikube = QByteArray(component) + "/overlays/minikube";
        const QByteArray eks = QByteArray(component) + "/overlays/eks";
        tests::addFact(minikube.constData(), "PersistentVolumeClaim", name,
                       "/spec/storageClassName", "standard");
        tests::addFact(eks.constData(), "PersistentVolumeClaim", name, "/spec/storageClassName",
                       "gp2");
    };
    claim("deepstorage", "minio-data");
    claim("prometheus", "prometheus-data");
    claim("jupyter", "jupyterlab-work");
    tests::addFact("database/overlays/minikube", "StatefulSet", "postgres",
                   "/spec/volumeClaimTemplates/0/spec/storageClassName", "standard");
    tests::addFact("database/overlays/eks", "StatefulSet", "postgres",
                   "/spec/volumeClaimTemplates/0/spec/storageClassName", "gp2");
    tests::addFact("database/overlays/eks", "PersistentVolumeClaim", "postgres-backup",
                   "/spec/storageClassName", "gp2");
}

} // namespace

class TestLakehouse : public QObject
{
    Q_OBJECT
    PlatformManifests m_platform {"lakehouse"};

    std::string text(const char* folder, const char* kind, const char* name, const char* key) const
    {
        return m_platform.fact(folder, kind, name, std::string("/data/") + key);
    }

private Q_SLOTS:
    void isAsTheDocumentHasIt_data()
    {
        tests::addFactColumns();
        databaseFacts();
        storageFacts();
        airflowFacts();
        otherFacts();
        accessFacts();
        storageClassFacts();
    }
    void isAsTheDocumentHasIt()
    {
        const QString wrong = tests::checkFact(m_platform);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
    void waves()
    {
        const std::map<std::string, std::string> waves {
            {"misc", "1"},       {"database", "2"},    {"processing", "3"},   {"cicd", "3"},
            {"management", "5"}, {"deepstorage", "6"}, {"orchestrator", "6"}, {"grafana", "6"},
            {"prometheus", "7"}, {"jupyter", "7"}};
        QCOMPARE(m_platform.environments(),
                 QStringList({"eks", "local", "minikube", "practice", "production"}));
        for (const QString& environment : m_platform.environments())
            QCOMPARE(tests::wavesOf(m_platform, environment), waves);
    }
    void nineNamespaces()
    {
        std::set<std::string> names;
        for (const core::ManifestPtr& each : m_platform.render("misc/overlays/practice")->manifests)
            if (each->key().kind == "Namespace")
                names.insert(each->key().name);
        const std::set<std::string> expected {"orchestrator", "processing", "database",
                                              "deepstorage",  "cicd",       "management",
                                              "monitoring",   "jupyter",    "misc"};
        QCOMPARE(names, expected);
    }
    /// A copy of a Secret is there once Reflector runs: whoever reads one comes after wave 5.
    void readersOfCopiesComeAfterReflector()
    {
        const std::map<std::string, std::string> home {{"minio-secrets", "deepstorage"},
                                                       {"postgres-secrets", "database"}};
        int readers = 0;
        for (const auto& child : m_platform.children("practice"))
            for (const core::ManifestPtr& each : m_platform.render(child.path)->manifests) {
                if (each->key().kind == "Secret" || each->key().kind == "ConfigMap")
                    continue;
                const std::string whole = core::toText(each->value());
                for (const auto& [secret, where] : home)
                    if (whole.find("\"name\":\"" + secret + '"') != std::string::npos
                        && each->key().namespaceName != where) {
                        ++readers;
                        QVERIFY2(std::stoi(child.wave) > 5, each->key().text().c_str());
                    }
            }
        QVERIFY(readers >= 5);
    }
    void dagsAreChainedByTheirDataset()
    {
        const char* folder = "orchestrator/overlays/practice";
        const std::string first =
            text(folder, "ConfigMap", "airflow-dags", "brewapi_ingestion_validation_minio.py");
        QVERIFY(first.find("dag_id=\"brewapi-ingestion-validation-minio\"") != std::string::npos);
        QVERIFY(first.find("BRONZE = Dataset(\"s3://lakehouse/bronze/breweries\")")
                != std::string::npos);
        QVERIFY(first.find("outlets=[BRONZE]") != std::string::npos);
        const std::string second =
            text(folder, "ConfigMap", "airflow-dags", "brew_process_transformation.py");
        QVERIFY(second.find("dag_id=\"brew-process-transformation\"") != std::string::npos);
        QVERIFY(second.find("BRONZE = Dataset(\"s3://lakehouse/bronze/breweries\")")
                != std::string::npos);
        QVERIFY(second.find("schedule=[BRONZE]") != std::string::npos);
    }
    void sparkJobsHaveDelta_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("program");
        QTest::newRow("silver") << "brew-bronze-to-silver.yaml" << "bronze_to_silver.py";
        QTest::newRow("gold") << "brew-silver-to-gold.yaml" << "silver_to_gold.py";
    }
    void sparkJobsHaveDelta()
    {
        QFETCH(QString, file);
        QFETCH(QString, program);
        const std::string job = text("orchestrator/overlays/practice", "ConfigMap", "airflow-dags",
                                     file.toLatin1().constData());
        for (const char* line :
             {"sparkVersion: 3.3.2", "namespace: processing", "serviceAccount: default",
              "minExecutors: 1", "maxExecutors: 3",
              "spark.sql.extensions: \"io.delta.sql.DeltaSparkSessionExtension\"",
              "spark.sql.catalog.spark_catalog: "
              "\"org.apache.spark.sql.delta.catalog.DeltaCatalog\""})
            QVERIFY2(job.find(line) != std::string::npos, line);
        QVERIFY(job.find("local:///opt/spark/jobs/" + program.toStdString()) != std::string::npos);
        QVERIFY(text("processing/overlays/practice", "ConfigMap", "brew-jobs",
                     program.toLatin1().constData())
                != "<absent>");
    }
    void bucketsAndLayersAreMade()
    {
        const std::string script =
            text("deepstorage/overlays/practice", "ConfigMap", "minio-buckets", "create.sh");
        for (const char* part : {"minio/airflow\n", "minio/lakehouse\n", "bronze silver gold"})
            QVERIFY2(script.find(part) != std::string::npos, part);
    }
    /// The worker's pod is made from a file: what it refers to has to be there under that name.
    void theWorkersTemplateFindsWhatItNeeds()
    {
        const char* folder = "orchestrator/overlays/practice";
        const std::string worker = text(folder, "ConfigMap", "airflow-pod-template", "worker.yaml");
        QVERIFY(worker.find("serviceAccountName: airflow-worker") != std::string::npos);
        for (const char* name : {"airflow-dags", "airflow-environment"}) {
            QVERIFY(worker.find("name: " + std::string(name)) != std::string::npos);
            QVERIFY(!m_platform.object(folder, "ConfigMap", name).is_null());
        }
        const std::string image =
            m_platform.fact(folder, "Deployment", "airflow-scheduler", kContainer + "/image");
        QVERIFY(worker.find("image: " + image) != std::string::npos);
    }
    void credentialsOfRealClustersAreSealed_data()
    {
        QTest::addColumn<QString>("folder");
        for (const QString& folder : m_platform.overlays())
            if (!folder.startsWith("apps/"))
                QTest::newRow(qPrintable(folder)) << folder;
    }
    void credentialsOfRealClustersAreSealed()
    {
        QFETCH(QString, folder);
        const auto rendered = m_platform.render(folder);
        QVERIFY(rendered);
        for (const core::ManifestPtr& manifest : rendered->manifests)
            QVERIFY2(folder.endsWith("/practice") ? manifest->key().kind != "SealedSecret"
                                                  : manifest->key().kind != "Secret",
                     manifest->key().text().c_str());
    }
};

WW_TEST_CLASS(TestLakehouse)
#include "tst_lakehouse.moc"
