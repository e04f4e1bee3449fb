// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/compare.h"

#include <QObject>

#include <functional>
#include <memory>

namespace tests {

/// Adds a Qt Test class to this program; WW_TEST_CLASS calls it before main.
bool registerTestClass(const char* className, std::function<std::unique_ptr<QObject>()> make);

} // namespace tests

/// Put this after a test class: TestYamlReader in tst_yamlreader.cpp runs as "PROGRAM yamlreader".
/// A test that cannot run here calls QSKIP with one line that says what is missing.
#define WW_TEST_CLASS(Class)                                                                       \
    static const bool registered##Class =                                                          \
        tests::registerTestClass(#Class, [] { return std::make_unique<Class>(); });
