// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/terraformfiles.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using tests::TemporaryFolder;

namespace {

const std::string kState = TEST_DATA_DIR "/terraform/local.tfstate";
const std::string kShown = TEST_DATA_DIR "/terraform/prod-show.json";

} // namespace

class TestTerraformFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCommandLineGoesBeforeTheConfiguration()
    {
        const TemporaryFolder home;
        home.write("config.yaml", "terraform: [state.json]\n");
        app::Options options;
        options.configFile = home.path() + "/config.yaml";
        QCOMPARE(app::terraformFileNames(options).value(),
                 std::vector<std::string> {home.path() + "/state.json"});
        options.terraform = {kState, kShown};
        QCOMPARE(app::terraformFileNames(options).value(), options.terraform);
        const auto layers = app::terraformLayers(options);
        QVERIFY(layers && layers->size() == 2 && !layers->front().services.empty());
    }

    void oneBadFileIsAnError()
    {
        const TemporaryFolder home;
        home.write("bad.json", "{}");
        app::Options options;
        options.terraform = {kState, home.path() + "/bad.json"};
        const auto layers = app::terraformLayers(options);
        QVERIFY(!layers);
        QVERIFY(layers.error().text().find("bad.json") != std::string::npos);
        QVERIFY(!app::withTerraformLayers(options, std::make_shared<core::PlatformInput>()));
    }

    void orAGapForViewsThatStay()
    {
        const auto layers = app::terraformLayersOrGaps({kState, "/nowhere/state.json", kShown});
        QCOMPARE(layers.size(), std::size_t(3));
        QVERIFY(!layers[0].services.empty() && !layers[2].services.empty());
        QVERIFY(layers[1].services.empty());
        const auto input = core::withTerraform({}, layers);
        const bool isTold = std::ranges::any_of(input->gaps, [](const std::string& gap) {
            return gap.find("/nowhere/state.json") != std::string::npos;
        });
        QVERIFY(isTold && core::hasTerraform(*input));
    }
};

WW_TEST_CLASS(TestTerraformFiles)
#include "tst_terraformfiles.moc"
