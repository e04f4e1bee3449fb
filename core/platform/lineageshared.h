// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/rowiterator.h"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace core {

/// A list of values each of which others may hold too: reads like a vector of them. Copies share
/// the list; who adds to it gets one of his own first.
template<class T>
class SharedValues
{
public:
    using Pointer = std::shared_ptr<const T>;

private:
    struct Rows
    {
        const Pointer* first = nullptr;
        const T& operator[](std::size_t at) const { return *first[at]; }
    };

public:
    using value_type = T;
    using const_iterator = RowIterator<T, Rows>;
    using iterator = const_iterator;

    SharedValues() = default;
    explicit SharedValues(std::vector<T> items)
    {
        reserve(items.size());
        for (T& item : items)
            push_back(std::move(item));
    }
    explicit SharedValues(std::vector<Pointer> items)
        : m_items(std::make_shared<std::vector<Pointer>>(std::move(items)))
    {
    }

    const_iterator begin() const { return {Rows {data()}, 0}; }
    const_iterator end() const { return {Rows {data()}, size()}; }
    std::size_t size() const { return m_items ? m_items->size() : 0; }
    bool empty() const { return size() == 0; }
    const T& front() const { return *m_items->front(); }
    const T& back() const { return *m_items->back(); }
    const T& operator[](std::size_t at) const { return *(*m_items)[at]; }
    const Pointer& shared(std::size_t at) const { return (*m_items)[at]; } ///< never null
    /// The same list: not only equal.
    bool isSharedWith(const SharedValues& other) const { return m_items == other.m_items; }
    void push_back(T item) { own().push_back(std::make_shared<const T>(std::move(item))); }
    void push_back(Pointer item) { own().push_back(std::move(item)); }
    void reserve(std::size_t size) { own().reserve(size); }

private:
    const Pointer* data() const { return m_items ? m_items->data() : nullptr; }
    std::vector<Pointer>& own()
    {
        if (!m_items)
            m_items = std::make_shared<std::vector<Pointer>>();
        else if (m_items.use_count() != 1)
            m_items = std::make_shared<std::vector<Pointer>>(*m_items);
        return *m_items;
    }

    std::shared_ptr<std::vector<Pointer>> m_items; ///< null: empty; nobody writes what many hold
};

} // namespace core
