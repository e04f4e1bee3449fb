// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screenshots/imagecomparison.h"
#include "tests/screenshots/scenes.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"

#include <QAccessible>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QLocale>
#include <QMetaEnum>
#include <QTest>

using tests::Scene;

namespace {

QString dataFolder()
{
    return QStringLiteral(PROJECT_ROOT_DIR "/tests/screenshots/expected");
}

/// Where actual pictures and differences go when a comparison fails, or all of them when asked.
QString outputFolder()
{
    const QString asked = qEnvironmentVariable("WAVEWRIGHT_SCREENSHOT_DIR");
    return asked.isEmpty() ? QDir::tempPath() + QStringLiteral("/wavewright-screenshots") : asked;
}

bool recording()
{
    return qEnvironmentVariableIsSet("WAVEWRIGHT_RECORD") && !qEnvironmentVariableIsSet("CI");
}

QString fileName(const Scene& scene, const Scene::Look& look)
{
    QString name =
        QString::fromStdString(scene.name) + QLatin1Char('.') + widgets::toString(look.theme);
    if (look.size != Scene::Look().size)
        name += QStringLiteral(".%1x%2").arg(look.size.width()).arg(look.size.height());
    if (look.ratio != 1)
        name += QStringLiteral(".%1x").arg(look.ratio);
    return name;
}

QImage shoot(const Scene& scene, const Scene::Look& look)
{
    const auto owner = tests::stageOf(scene, look.theme);
    tests::Stage& stage = *owner;
    stage.window.resize(look.size);
    stage.settle();
    if (scene.play)
        scene.play(stage);
    stage.settle();
    QWidget* dialog = QApplication::activeModalWidget();
    QImage image = stage.window.grab().toImage();
    if (dialog)
        image = dialog->grab().toImage();
    return image.convertToFormat(QImage::Format_RGB32);
}

/// Role, name and depth of everything that a screen reader meets.
void describe(QAccessibleInterface* access, int depth, QStringList& lines)
{
    if (!access || access->state().invisible || depth > 24)
        return;
    const QString name = access->text(QAccessible::Name);
    static const QMetaEnum roles = QMetaEnum::fromType<QAccessible::Role>();
    if (!name.isEmpty())
        lines << QString(depth, QLatin1Char(' ')) + QLatin1String(roles.valueToKey(access->role()))
                + QStringLiteral(": ") + name;
    for (int i = 0; i < access->childCount(); ++i)
        describe(access->child(i), depth + 1, lines);
}

} // namespace

/// The pictures of the real window against those that were accepted.
class TestScreenshots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        qputenv("TZ", "UTC");
        QApplication::setCursorFlashTime(0);
    }

    void picture_data()
    {
        QTest::addColumn<int>("scene");
        QTest::addColumn<int>("look");
        const auto& all = tests::scenes();
        for (int i = 0; i < int(all.size()); ++i)
            for (int j = 0; j < int(all[std::size_t(i)].looks.size()); ++j)
                QTest::newRow(qPrintable(
                    fileName(all[std::size_t(i)], all[std::size_t(i)].looks[std::size_t(j)])))
                    << i << j;
    }

    void picture()
    {
        QFETCH(int, scene);
        QFETCH(int, look);
        const Scene& shown = tests::scenes()[std::size_t(scene)];
        const Scene::Look& as = shown.looks[std::size_t(look)];
        if (int(qApp->devicePixelRatio()) != as.ratio)
            QSKIP("this picture is taken with another QT_SCALE_FACTOR");
        const QString name = fileName(shown, as) + QStringLiteral(".png");
        const QImage actual = shoot(shown, as);
        const QString expectedFile = dataFolder() + QLatin1Char('/') + name;
        if (recording()) {
            QVERIFY(actual.save(expectedFile, "PNG", 0));
            return;
        }
        QDir().mkpath(outputFolder());
        const QString actualFile = outputFolder() + QLatin1Char('/') + name;
        if (qEnvironmentVariableIsSet("WAVEWRIGHT_SCREENSHOT_DIR"))
            actual.save(actualFile);
        const QImage expected(expectedFile);
        QVERIFY2(
            !expected.isNull(),
            qPrintable(expectedFile + QStringLiteral(" is missing: run tests/screenshots/record")));
        const tests::ImageComparison compared = tests::compareImages(actual, expected);
        if (!compared.passed) {
            actual.save(actualFile);
            compared.difference.save(outputFolder() + QStringLiteral("/difference.") + name);
        }
        QVERIFY2(compared.passed,
                 qPrintable(compared.message + QStringLiteral("; see ") + actualFile));
    }

    void accessibleTree_data()
    {
        QTest::addColumn<int>("scene");
        const auto& all = tests::scenes();
        for (int i = 0; i < int(all.size()); ++i)
            if (all[std::size_t(i)].looks.size() > 1)
                QTest::newRow(all[std::size_t(i)].name.c_str()) << i;
    }

    void accessibleTree()
    {
        QFETCH(int, scene);
        if (qApp->devicePixelRatio() > 1)
            QSKIP("the tree does not depend on the device pixel ratio");
        const Scene& shown = tests::scenes()[std::size_t(scene)];
        const auto owner = tests::stageOf(shown, widgets::ThemeChoice::Light);
        tests::Stage& stage = *owner;
        if (shown.play)
            shown.play(stage);
        stage.settle();
        QWidget* top = QApplication::activeModalWidget();
        QStringList lines;
        describe(QAccessible::queryAccessibleInterface(top ? top : &stage.window), 0, lines);
        const QString actual = lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
        QFile file(dataFolder() + QLatin1Char('/') + QString::fromStdString(shown.name)
                   + QStringLiteral(".accessible.txt"));
        if (recording()) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(actual.toUtf8());
            return;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), "run tests/screenshots/record");
        QCOMPARE(actual, QString::fromUtf8(file.readAll()));
    }
};

WW_TEST_CLASS(TestScreenshots)
#include "tst_screenshots.moc"
