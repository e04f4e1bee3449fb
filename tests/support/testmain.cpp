// SPDX-License-Identifier: GPL-3.0-or-later
// The main function of every Qt Test program: "PROGRAM [name] [Qt Test arguments]" runs one class,
// or all.
#include "tests/support/testregistry.h"

#include <QByteArray>
#include <QtTest/QTest>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#ifdef WAVEWRIGHT_TEST_GUI
#include <QApplication>
#else
#include <QCoreApplication>
#endif

namespace {

using Factory = std::function<std::unique_ptr<QObject>()>;

std::map<std::string, Factory>& registry()
{
    static std::map<std::string, Factory> classes;
    return classes;
}

/// "TestYamlReader" -> "yamlreader", the part of the file's name after "tst_".
std::string shortName(const std::string& className)
{
    return QByteArray(className.c_str())
        .mid(className.starts_with("Test") ? 4 : 0)
        .toLower()
        .toStdString();
}

} // namespace

namespace tests {

bool registerTestClass(const char* className, Factory make)
{
    return registry().emplace(shortName(className), std::move(make)).second;
}

} // namespace tests

int main(int argc, char** argv)
{
    std::string only = argc > 1 && argv[1][0] != '-' ? argv[1] : "";
    std::vector<char*> rest {argv[0]};
    for (int i = only.empty() ? 1 : 2; i < argc; ++i)
        rest.push_back(argv[i]);
    int restCount = int(rest.size());
    rest.push_back(nullptr);
#ifdef WAVEWRIGHT_TEST_GUI
    QApplication application(restCount, rest.data());
#else
    QCoreApplication application(restCount, rest.data());
#endif
    if (!only.empty() && !registry().contains(only)) {
        std::fprintf(stderr, "no test class \"%s\" in this program\n", only.c_str());
        return 64;
    }
    int failures = 0;
    for (const auto& [name, make] : registry())
        if (only.empty() || only == name)
            failures += QTest::qExec(make().get(), restCount, rest.data());
    return failures > 127 ? 127 : failures;
}
