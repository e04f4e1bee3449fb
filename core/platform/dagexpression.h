// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/dagreader.h"
#include "core/platform/dagtokenizer.h"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace core {

/// Reads expressions of a DAG file from its tokens. Depth and size are bounded; what is not
/// understood is DagValue::Other, and reading goes on behind it.
class DagExpressionReader
{
public:
    explicit DagExpressionReader(const std::vector<DagToken>& tokens)
        : m_tokens(tokens)
    {
    }

    std::size_t at = 0;
    /// Variables that were set to a value that is known.
    std::map<std::string, DagValue> known;
    /// Told of every ">>" between two operands, in the order of the data.
    std::function<void(const DagValue& before, const DagValue& after)> onOrder;
    /// Told of every call that was read.
    std::function<void(const DagValue& call)> onCall;

    const DagToken& token(std::size_t ahead = 0) const;
    bool isSign(std::string_view text, std::size_t ahead = 0) const;
    bool isName(std::string_view text, std::size_t ahead = 0) const;
    /// A whole expression; leaves `at` at what ends it.
    DagValue expression(int depth = 0);
    /// To behind the statement's end.
    void skipStatement();

private:
    DagValue operand(int depth);
    DagValue string();
    DagValue bracket(int depth, const char* close);
    void arguments(DagValue& call, int depth);
    DagValue trailers(DagValue value, int depth);
    DagValue called(DagValue call) const;
    static DagValue variable(const DagValue& name, std::string_view prefix, int line);
    std::string filled(const std::string& text, bool& complete) const;

    const std::vector<DagToken>& m_tokens;
};

} // namespace core
