// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace core {

/// A vector that many hold and nobody changes: a copy shares it, and who adds to it gets one of his
/// own first.
template<class T>
class SharedVector
{
public:
    using value_type = T;
    using const_iterator = typename std::vector<T>::const_iterator;
    using iterator = const_iterator;

    SharedVector() = default;
    SharedVector(std::initializer_list<T> items)
        : SharedVector(std::vector<T>(items))
    {
    }
    explicit SharedVector(std::vector<T> items)
        : m_items(items.empty() ? nullptr
                                : std::make_shared<const std::vector<T>>(std::move(items)))
    {
    }

    const std::vector<T>& items() const
    {
        static const std::vector<T> none;
        return m_items ? *m_items : none;
    }
    const_iterator begin() const { return items().begin(); }
    const_iterator end() const { return items().end(); }
    std::size_t size() const { return items().size(); }
    bool empty() const { return !m_items; }
    const T& front() const { return items().front(); }
    const T& back() const { return items().back(); }
    const T& operator[](std::size_t at) const { return items()[at]; }
    void push_back(T item)
    {
        std::vector<T> next = items();
        next.push_back(std::move(item));
        *this = SharedVector(std::move(next));
    }
    bool operator==(const SharedVector& other) const
    {
        return m_items == other.m_items || items() == other.items();
    }

private:
    std::shared_ptr<const std::vector<T>> m_items; ///< null: empty
};

/// A list of values each of which others may hold too: reads like a vector of them.
template<class T>
class SharedValues
{
public:
    using Pointer = std::shared_ptr<const T>;

    class Iterator
    {
    public:
        using iterator_category = std::random_access_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T*;
        using reference = const T&;

        Iterator() = default;
        explicit Iterator(const Pointer* at)
            : m_at(at)
        {
        }
        reference operator*() const { return **m_at; }
        pointer operator->() const { return m_at->get(); }
        reference operator[](difference_type by) const { return *m_at[by]; }
        Iterator& operator++() { return *this += 1; }
        Iterator& operator--() { return *this -= 1; }
        Iterator operator++(int) { return Iterator(m_at++); }
        Iterator operator--(int) { return Iterator(m_at--); }
        Iterator& operator+=(difference_type by)
        {
            m_at += by;
            return *this;
        }
        Iterator& operator-=(difference_type by) { return *this += -by; }
        friend Iterator operator+(Iterator at, difference_type by) { return at += by; }
        friend Iterator operator+(difference_type by, Iterator at) { return at += by; }
        friend Iterator operator-(Iterator at, difference_type by) { return at -= by; }
        friend difference_type operator-(Iterator a, Iterator b) { return a.m_at - b.m_at; }
        auto operator<=>(const Iterator&) const = default;

    private:
        const Pointer* m_at = nullptr;
    };
    using value_type = T;
    using const_iterator = Iterator;
    using iterator = Iterator;

    SharedValues() = default;
    explicit SharedValues(std::vector<T> items)
    {
        m_items.reserve(items.size());
        for (T& item : items)
            push_back(std::move(item));
    }
    explicit SharedValues(std::vector<Pointer> items)
        : m_items(std::move(items))
    {
    }

    Iterator begin() const { return Iterator(m_items.data()); }
    Iterator end() const { return Iterator(m_items.data() + m_items.size()); }
    std::size_t size() const { return m_items.size(); }
    bool empty() const { return m_items.empty(); }
    const T& front() const { return *m_items.front(); }
    const T& back() const { return *m_items.back(); }
    const T& operator[](std::size_t at) const { return *m_items[at]; }
    const Pointer& shared(std::size_t at) const { return m_items[at]; } ///< never null
    void push_back(T item) { m_items.push_back(std::make_shared<const T>(std::move(item))); }
    void push_back(Pointer item) { m_items.push_back(std::move(item)); }
    void reserve(std::size_t size) { m_items.reserve(size); }

private:
    std::vector<Pointer> m_items;
};

} // namespace core
