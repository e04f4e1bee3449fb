// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"
#include "gitops/cluster/jsonslices.h"

#include <random>
#include <string>
#include <string_view>

namespace tests {

/// A text with what its readers want behind it. Bytes that would change the text's meaning, so
/// that a reader which looks at them is found out.
class PaddedText
{
public:
    explicit PaddedText(std::string_view text)
        : m_size(text.size())
        , m_bytes(text)
    {
        m_bytes.append(gitops::kJsonPadding, ']');
    }
    std::string_view view() const { return std::string_view(m_bytes).substr(0, m_size); }

private:
    std::size_t m_size;
    std::string m_bytes;
};

/// Values of any shape; of one seed always the same.
class JsonMaker
{
public:
    explicit JsonMaker(unsigned seed)
        : m_random(seed)
    {
    }
    core::Json value(int depth)
    {
        switch (m_random() % (depth > 0 ? 9 : 6)) {
        case 0:
            return nullptr;
        case 1:
            return m_random() % 2 == 0;
        case 2:
            return std::int64_t(m_random()) - 1'000'000'000;
        case 3:
            return ~std::uint64_t(0) - m_random();
        case 4:
            return double(m_random()) / 1024 * (m_random() % 2 ? 1e30 : 1e-12);
        case 5:
            return core::Json(text());
        case 6: {
            core::JsonArray out;
            for (std::size_t i = m_random() % 5; i > 0; --i)
                out.push_back(value(depth - 1));
            return out;
        }
        default:
            return object(depth);
        }
    }
    core::JsonObject object(int depth)
    {
        core::JsonObject out;
        for (std::size_t i = m_random() % 6; i > 0; --i)
            out[text()] = value(depth - 1);
        return out;
    }
    std::string text()
    {
        static const std::string parts[] = {"a",    "status", "ü",    "\"", "\\",  "\n",
                                            "\x01", "name",   "z/.~", "𝄞",  "<&>", ""};
        std::string out;
        for (std::size_t i = m_random() % 4 + 1; i > 0; --i)
            out += parts[m_random() % std::size(parts)];
        return out;
    }

private:
    std::minstd_rand m_random;
};

} // namespace tests
