// SPDX-License-Identifier: GPL-3.0-or-later
// What the document of the two-layer ML platform asks for is in its manifests, as they render, and
// in its Terraform files.
#include "tests/manifests/facttable.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QtTest/QTest>

using tests::addFact;

namespace {

const QString kTerraform = QStringLiteral(PROJECT_ROOT_DIR "/manifests/ml-two-layer/terraform");
constexpr const char* kAws[] = {"dev", "staging", "prod"};

QStringList linesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).split('\n')
                                          : QStringList();
}

QStringList outputsOf(const QString& environment)
{
    static const QRegularExpression output("^output \"(\\w+)\"");
    QStringList names;
    for (const QString& line : linesOf(kTerraform + "/environments/" + environment + "/outputs.tf"))
        if (const auto match = output.match(line); match.hasMatch())
            names.append(match.captured(1));
    return names;
}

std::string overlay(const char* environment)
{
    return std::string("kubernetes/overlays/") + environment;
}

} // namespace

class TestMlTwoLayer : public QObject
{
    Q_OBJECT
    tests::PlatformManifests m_manifests {"ml-two-layer"};

    /// Value of a variable of the backend ("Deployment") or of a job ("CronJob").
    std::string variable(const QString& folder, const std::string& kind, const std::string& name,
                         const std::string& wanted) const
    {
        const std::string pod =
            kind == "CronJob" ? "/spec/jobTemplate/spec/template/spec" : "/spec/template/spec";
        for (int i = 0; i < 20; ++i) {
            const std::string entry = pod + "/containers/0/env/" + std::to_string(i);
            if (m_manifests.fact(folder, kind, name, entry + "/name") == wanted)
                return m_manifests.fact(folder, kind, name, entry + "/value");
        }
        return "<absent>";
    }
private Q_SLOTS:
    void serviceMapping_data();
    void serviceMapping()
    {
        const QString wrong = tests::checkFact(m_manifests);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
    /// "Applications use the same environment variables across all environments."
    void variables_data()
    {
        QTest::addColumn<QString>("environment");
        QTest::addColumn<QString>("endpoint");
        QTest::addColumn<QString>("pathStyle");
        for (const char* minio : {"practice", "local"})
            QTest::newRow(minio) << minio << "http://minio:9000" << "true";
        for (const char* aws : kAws)
            QTest::newRow(aws) << aws << "https://s3.eu-central-1.amazonaws.com" << "<absent>";
    }
    void variables()
    {
        QFETCH(QString, environment);
        QFETCH(QString, endpoint);
        QFETCH(QString, pathStyle);
        const QString folder = "kubernetes/overlays/" + environment;
        for (const auto& [kind, name] : std::map<std::string, std::string> {
                 {"Deployment", "backend"}, {"CronJob", "train-model"}}) {
            QCOMPARE(variable(folder, kind, name, "S3_ENDPOINT"), endpoint.toStdString());
            QCOMPARE(variable(folder, kind, name, "S3_FORCE_PATH_STYLE"), pathStyle.toStdString());
        }
        QCOMPARE(variable(folder, "Deployment", "backend", "DATABASE_URL"),
                 std::string("postgresql://$(DATABASE_USER):$(DATABASE_PASSWORD)@postgres:5432/"
                             "mlplatform"));
        QCOMPARE(variable(folder, "Deployment", "backend", "REDIS_URL"),
                 std::string("redis://redis:6379"));
    }
    void theDocumentsOwnPatchIsInline()
    {
        const QString text =
            linesOf(m_manifests.folder() + "/kubernetes/overlays/local/kustomization.yaml")
                .join('\n');
        QVERIFY(text.contains("patchesStrategicMerge:\n  - |-\n    apiVersion: apps/v1\n    kind: "
                              "Deployment\n    metadata:\n      name: backend\n"));
        QVERIFY(text.contains("- name: S3_FORCE_PATH_STYLE  # MinIO requires this\n"));
    }
    void onlyPracticeHasPlainCredentials()
    {
        QCOMPARE(tests::countOf(m_manifests, "kubernetes/overlays/practice", "Secret"), 2);
        QCOMPARE(tests::countOf(m_manifests, "kubernetes/overlays/local", "SealedSecret"), 2);
        for (const char* environment : kAws) {
            const QString folder = QString::fromStdString(overlay(environment));
            QCOMPARE(tests::countOf(m_manifests, folder, "Secret"), 0);
            QCOMPARE(tests::countOf(m_manifests, folder, "SealedSecret"), 1);
        }
    }
    /// What layer 2 takes from layer 1 has the same names everywhere.
    void environmentsOfTerraformHaveTheSameOutputs()
    {
        const QStringList expected = outputsOf("local");
        for (const char* name :
             {"cluster_endpoint", "database_host", "cache_host", "storage_endpoint", "registry"})
            QVERIFY2(expected.contains(name), name);
        for (const char* environment : kAws)
            for (const QString& output : expected)
                QVERIFY2(outputsOf(environment).contains(output), qPrintable(output));
        for (const char* module : {"local-services", "aws-eks", "aws-rds", "aws-storage"})
            for (const char* file : {"main.tf", "variables.tf", "outputs.tf"})
                QVERIFY(QFile::exists(kTerraform + "/modules/" + module + "/" + file));
    }
    void terraformIsFormatted_data()
    {
        QTest::addColumn<QString>("path");
        QDirIterator files(kTerraform, {"*.tf"}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            QTest::newRow(qPrintable(QDir(kTerraform).relativeFilePath(path))) << path;
        }
    }
    /// The rules of "terraform fmt" that these files can break: two spaces a level, no tabs, no
    /// trailing space, the equal signs of neighbours in one column.
    void terraformIsFormatted();
};

void TestMlTwoLayer::serviceMapping_data()
{
    tests::addFactColumns();
    constexpr const char* local = "kubernetes/overlays/local";
    addFact(local, "Service", "frontend", "/spec/type", "NodePort");
    addFact(local, "Service", "backend", "/spec/type", "NodePort");
    addFact(local, "Service", "postgres", "/spec/externalName", "ml-platform-postgres");
    addFact(local, "Service", "redis", "/spec/externalName", "ml-platform-redis");
    addFact(local, "Service", "minio", "/spec/externalName", "ml-platform-minio");
    addFact(local, "Service", "minio", "/spec/ports/0/port", "9000");
    addFact(local, "Deployment", "backend", "/spec/template/spec/containers/0/image",
            "localhost:5001/ml-platform/python:3.12.7-1");
    addFact(local, "Ingress", "ml-platform", "/spec/ingressClassName", "nginx");
    addFact(local, "Deployment", "metrics-server", "/metadata/namespace", "kube-system");
    for (const char* environment : kAws) {
        const std::string folder = overlay(environment);
        addFact(folder.c_str(), "StorageClass", "gp3", "/provisioner", "ebs.csi.aws.com");
        addFact(folder.c_str(), "Service", "postgres", "/spec/externalName",
                "database.ml-platform.internal");
        addFact(folder.c_str(), "Service", "redis", "/spec/externalName",
                "cache.ml-platform.internal");
        addFact(folder.c_str(), "Deployment", "backend", "/spec/template/spec/containers/0/image",
                "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ml-platform/python:3.12.7-1");
        addFact(folder.c_str(), "Ingress", "ml-platform", "/spec/ingressClassName", "alb");
        addFact(folder.c_str(), "DaemonSet", "cloudwatch-agent", "/metadata/namespace",
                "amazon-cloudwatch");
        addFact(folder.c_str(), "StatefulSet", "prometheus", "/metadata/namespace", "ml-platform");
        addFact(folder.c_str(), "Service", "backend",
                "/metadata/annotations/wavewright.dev~1port-forward", "8000:8000");
    }
    addFact("kubernetes/overlays/prod", "Service", "frontend", "/spec/type", "LoadBalancer");
    addFact("kubernetes/overlays/prod", "Service", "frontend", "/spec/ports/0/port", "443");
    addFact("kubernetes/overlays/prod", "Service", "frontend",
            "/metadata/annotations/wavewright.dev~1port-forward", "8080:443");
    addFact("kubernetes/overlays/prod", "Namespace", "ml-platform",
            "/metadata/labels/pod-security.kubernetes.io~1enforce", "restricted");
    for (const char* name : {"postgres", "minio"})
        addFact("kubernetes/overlays/practice", "StatefulSet", name, "/spec/replicas", "1");
    addFact("kubernetes/overlays/practice", "Deployment", "redis", "/spec/replicas", "1");
}

void TestMlTwoLayer::terraformIsFormatted()
{
    QFETCH(QString, path);
    static const QRegularExpression attribute("^( *)(\"[^\"]*\"|[\\w.-]+)( +)= (.*)$");
    QString indentBefore;
    qsizetype columnBefore = -1;
    qsizetype depth = 0;
    bool inHeredoc = false;
    for (const QString& line : linesOf(path)) {
        const QByteArray text = line.toUtf8();
        QVERIFY2(!line.contains('\t') && !line.endsWith(' '), text.constData());
        if (inHeredoc) {
            inHeredoc = line.trimmed() != "TOML";
            continue;
        }
        const QString code = line.trimmed().startsWith('#') ? QString() : line;
        const qsizetype opens = code.count('{') + code.count('[') + code.count('(');
        const qsizetype closes = code.count('}') + code.count(']') + code.count(')');
        const qsizetype level = depth
            - (QStringLiteral("}])").contains(line.trimmed().left(1)) && !line.trimmed().isEmpty()
                   ? 1
                   : 0);
        const qsizetype indent = line.size() - line.trimmed().size();
        if (!line.trimmed().isEmpty() && opens + closes < 3)
            QVERIFY2(indent % 2 == 0 && indent <= 2 * level, text.constData());
        const auto match = attribute.match(code);
        const bool isWhole = match.hasMatch() && opens <= closes;
        const qsizetype column = isWhole ? match.capturedEnd(3) : -1;
        if (isWhole && columnBefore >= 0 && match.captured(1) == indentBefore)
            QVERIFY2(column == columnBefore, text.constData());
        if (match.hasMatch() && !isWhole)
            QVERIFY2(match.captured(3) == " ", text.constData());
        columnBefore = column;
        indentBefore = match.captured(1);
        depth += opens - closes;
        inHeredoc = line.contains("<<-TOML");
    }
    QCOMPARE(depth, 0);
}

WW_TEST_CLASS(TestMlTwoLayer)
#include "tst_mltwolayer.moc"
