// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

/// How an edge is known. The order is that of drawing: the last one that holds decides.
enum class LineageEvidence : std::uint8_t
{
    Permitted, ///< an ACL lets it happen; nothing says that it does
    Inferred, ///< from names of variables, arguments, text of programs
    Declared, ///< by a field that means it
    Observed, ///< a status or an event says that it happened
};
std::string_view toString(LineageEvidence evidence);

struct LineageProof
{
    LineageEvidence evidence = LineageEvidence::Inferred;
    std::string detail; ///< "env KAFKA_TOPIC of container app"
    Place place;
    bool operator==(const LineageProof&) const = default;
};

/// The proofs of an edge. Copies share them, and who adds to them gets some of his own first; which
/// evidence there is can be told without looking at them.
class LineageProofs
{
public:
    using value_type = LineageProof;
    using const_iterator = std::vector<LineageProof>::const_iterator;
    using iterator = const_iterator;

    LineageProofs() = default;
    LineageProofs(std::initializer_list<LineageProof> items)
        : LineageProofs(std::vector<LineageProof>(items))
    {
    }
    explicit LineageProofs(std::vector<LineageProof> items)
    {
        for (const LineageProof& item : items)
            m_evidence = static_cast<std::uint8_t>(m_evidence | bit(item.evidence));
        if (!items.empty())
            m_items = std::make_shared<const std::vector<LineageProof>>(std::move(items));
    }

    const std::vector<LineageProof>& items() const
    {
        static const std::vector<LineageProof> none;
        return m_items ? *m_items : none;
    }
    const_iterator begin() const { return items().begin(); }
    const_iterator end() const { return items().end(); }
    std::size_t size() const { return items().size(); }
    bool empty() const { return !m_items; }
    const LineageProof& front() const { return items().front(); }
    const LineageProof& back() const { return items().back(); }
    const LineageProof& operator[](std::size_t at) const { return items()[at]; }
    void push_back(LineageProof item)
    {
        std::vector<LineageProof> next = items();
        next.push_back(std::move(item));
        *this = LineageProofs(std::move(next));
    }
    bool has(LineageEvidence evidence) const { return (m_evidence & bit(evidence)) != 0; }
    LineageEvidence strongest() const ///< Permitted when there are none
    {
        auto out = LineageEvidence::Permitted;
        for (const auto each :
             {LineageEvidence::Inferred, LineageEvidence::Declared, LineageEvidence::Observed})
            if (has(each))
                out = each;
        return out;
    }
    /// The same proofs: not only equal ones.
    bool areSharedWith(const LineageProofs& other) const { return m_items == other.m_items; }
    bool operator==(const LineageProofs& other) const
    {
        return m_items == other.m_items
            || (m_evidence == other.m_evidence && items() == other.items());
    }

private:
    static std::uint8_t bit(LineageEvidence evidence)
    {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(evidence));
    }
    std::shared_ptr<const std::vector<LineageProof>> m_items; ///< null: none
    std::uint8_t m_evidence = 0; ///< a bit for each evidence that is among them
};

} // namespace core
