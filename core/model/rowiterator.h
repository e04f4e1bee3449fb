// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <utility>

namespace core {

/// Goes over a list of values by their places, whatever the list keeps them in. Rows: how to get at
/// them; cheap to copy, with `const T& operator[](std::size_t) const`.
template<class T, class Rows>
class RowIterator
{
public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    RowIterator() = default;
    RowIterator(Rows rows, std::size_t at)
        : m_rows(rows)
        , m_at(at)
    {
    }

    reference operator*() const { return m_rows[m_at]; }
    pointer operator->() const { return &**this; }
    reference operator[](difference_type steps) const { return *(*this + steps); }
    RowIterator& operator+=(difference_type steps)
    {
        m_at = std::size_t(difference_type(m_at) + steps);
        return *this;
    }
    RowIterator& operator-=(difference_type steps) { return *this += -steps; }
    RowIterator& operator++() { return *this += 1; }
    RowIterator& operator--() { return *this -= 1; }
    RowIterator operator++(int) { return std::exchange(*this, *this + 1); }
    RowIterator operator--(int) { return std::exchange(*this, *this - 1); }
    friend RowIterator operator+(RowIterator it, difference_type steps) { return it += steps; }
    friend RowIterator operator+(difference_type steps, RowIterator it) { return it += steps; }
    friend RowIterator operator-(RowIterator it, difference_type steps) { return it -= steps; }
    friend difference_type operator-(const RowIterator& a, const RowIterator& b)
    {
        return difference_type(a.m_at) - difference_type(b.m_at);
    }
    friend bool operator==(const RowIterator& a, const RowIterator& b) { return a.m_at == b.m_at; }
    friend auto operator<=>(const RowIterator& a, const RowIterator& b)
    {
        return a.m_at <=> b.m_at;
    }

private:
    Rows m_rows {};
    std::size_t m_at = 0;
};

} // namespace core
