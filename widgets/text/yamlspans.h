// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace widgets {

/// A part of a line of YAML that has a colour of its own.
struct YamlSpan
{
    enum class Type
    {
        Key,
        String,
        Number, ///< also true, false and null
        Comment,
        Mark ///< dash, colon, block signs
    } type = Type::Key;
    int from = 0;
    int length = 0;
    bool operator==(const YamlSpan&) const = default;
};

/// What can be told from one line alone: enough to colour manifests.
std::vector<YamlSpan> yamlSpans(const QString& line);

} // namespace widgets
