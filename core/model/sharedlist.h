// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/rowiterator.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace core {

/// A list of values that never changes and that its copies share. with() makes another list that
/// shares every block of rows in which nothing changed, so that one changed row of ten thousand
/// costs a block. Any thread may read.
template<class T>
class SharedList
{
    using Block = std::vector<T>;
    using Blocks = std::vector<std::shared_ptr<const Block>>;

public:
    static constexpr std::size_t kBlock = 32;

private:
    struct Rows
    {
        const Blocks* blocks = nullptr;
        const T& operator[](std::size_t place) const
        {
            return (*(*blocks)[place / kBlock])[place % kBlock];
        }
    };

public:
    using Iterator = RowIterator<T, Rows>;
    using value_type = T;
    using const_iterator = Iterator;
    using iterator = Iterator;

    SharedList() = default;
    SharedList(std::initializer_list<T> rows)
        : SharedList(std::vector<T>(rows))
    {
    }
    SharedList(std::vector<T> rows)
        : m_size(rows.size())
    {
        if (rows.empty())
            return;
        auto blocks = std::make_shared<Blocks>();
        blocks->reserve((rows.size() + kBlock - 1) / kBlock);
        for (std::size_t from = 0; from < rows.size(); from += kBlock) {
            const auto first = std::make_move_iterator(rows.begin() + std::ptrdiff_t(from));
            const std::size_t count = std::min(kBlock, rows.size() - from);
            blocks->push_back(std::make_shared<const Block>(first, first + std::ptrdiff_t(count)));
        }
        m_blocks = std::move(blocks);
    }

    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    const T& operator[](std::size_t place) const { return Rows {m_blocks.get()}[place]; }
    const T& front() const { return (*this)[0]; }
    const T& back() const { return (*this)[m_size - 1]; }
    Iterator begin() const { return {Rows {m_blocks.get()}, 0}; }
    Iterator end() const { return {Rows {m_blocks.get()}, m_size}; }
    std::vector<T> rows() const { return {begin(), end()}; }

    /// The same list: not only equal, but shared.
    bool isSharedWith(const SharedList& other) const
    {
        return m_blocks == other.m_blocks && m_size == other.m_size;
    }

    /// A list of `size` rows: those of `changes`, all others as here. Every place beyond the rows
    /// that are here must be among the changes. Itself when nothing changes.
    SharedList with(std::map<std::size_t, T> changes, std::size_t size) const
    {
        if (changes.empty() && size == m_size)
            return *this;
        SharedList out;
        out.m_size = size;
        auto blocks = std::make_shared<Blocks>();
        blocks->reserve((size + kBlock - 1) / kBlock);
        auto change = changes.begin();
        for (std::size_t from = 0; from < size; from += kBlock) {
            const std::size_t to = std::min(from + kBlock, size);
            const bool isWhole = to == std::min(from + kBlock, m_size);
            if (isWhole && (change == changes.end() || change->first >= to)) {
                blocks->push_back((*m_blocks)[from / kBlock]);
                continue;
            }
            auto block = std::make_shared<Block>();
            block->reserve(to - from);
            for (std::size_t place = from; place < to; ++place) {
                if (change != changes.end() && change->first == place)
                    block->push_back(std::move((change++)->second));
                else
                    block->push_back((*this)[place]);
            }
            blocks->push_back(std::move(block));
        }
        if (size > 0)
            out.m_blocks = std::move(blocks);
        return out;
    }

    friend bool operator==(const SharedList& a, const SharedList& b)
    {
        if (a.m_size != b.m_size)
            return false;
        for (std::size_t at = 0; a.m_blocks != b.m_blocks && at < a.m_blocks->size(); ++at)
            if ((*a.m_blocks)[at] != (*b.m_blocks)[at] && *(*a.m_blocks)[at] != *(*b.m_blocks)[at])
                return false;
        return true;
    }

private:
    std::shared_ptr<const Blocks> m_blocks; ///< null when empty
    std::size_t m_size = 0;
};

} // namespace core
