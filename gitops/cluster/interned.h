// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <utility>

namespace gitops {

/// A value that many objects share: two words each, read like the value itself. Immutable, so any
/// thread may read it.
template<class T>
class Interned
{
public:
    Interned()
        : m_value(none())
    {
    }
    Interned(T value) // NOLINT: a value is one that nobody shares yet
        : m_value(std::make_shared<const T>(std::move(value)))
    {
    }
    /// Of the members of one, in braces.
    template<class... Members>
        requires(sizeof...(Members) > 1)
    Interned(Members&&... members)
        : Interned(T {std::forward<Members>(members)...})
    {
    }
    operator const T&() const { return *m_value; } // NOLINT: reads like the value
    const T& operator*() const { return *m_value; }
    const T* operator->() const { return m_value.get(); }
    bool operator==(const Interned& other) const
    {
        return m_value == other.m_value || *m_value == *other.m_value;
    }
    bool operator==(const T& other) const { return *m_value == other; }
    bool isShared() const { return m_value.use_count() > 1; }

private:
    static const std::shared_ptr<const T>& none()
    {
        static const auto value = std::make_shared<const T>();
        return value;
    }
    std::shared_ptr<const T> m_value;
};

/// Hands out one Interned for equal values. What nobody else holds any more is dropped now and
/// then, so that values that come from outside do not add up. Not thread-safe.
template<class T>
class InternTable
{
public:
    Interned<T> operator()(const T& value)
    {
        const auto it = m_values.find(value);
        if (it != m_values.end())
            return it->second;
        if (m_values.size() >= m_purgeAt) {
            std::erase_if(m_values, [](const auto& one) { return !one.second.isShared(); });
            m_purgeAt = std::max<std::size_t>(64, m_values.size() * 2);
        }
        return m_values.emplace(value, Interned<T>(value)).first->second;
    }
    std::size_t size() const { return m_values.size(); }

private:
    std::map<T, Interned<T>> m_values;
    std::size_t m_purgeAt = 64;
};

} // namespace gitops
