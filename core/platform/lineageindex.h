// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/selector.h"
#include "core/platform/endpoint.h"
#include "core/platform/lineagejoin.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace core {

/// Who answers to which name, over the facts of all objects. Indices are those of the parts.
class LineageIndex
{
public:
    explicit LineageIndex(const std::vector<LineagePart>& parts);

    struct Answer
    {
        enum class Type
        {
            Part, ///< the workload, or the operator's object, behind the name
            Service, ///< a Service that selects nothing that is known
            External, ///< a name of the world
            Unknown ///< a name of the cluster that nothing has
        } type = Type::Unknown;
        std::size_t part = 0;
        std::string host; ///< of External, with its port
        std::string note;
    };
    /// What answers at "name:port" for somebody in that namespace; of several hosts the first.
    Answer answer(std::string_view host, const std::string& fromNamespace) const;

    std::optional<std::size_t> find(const ObjectKey& key) const;
    /// Of a kind in any namespace, when exactly one has that name.
    std::optional<std::size_t> findAnywhere(const ObjectKey& key) const;
    /// Workloads by labels of their pods, of their Services, or by prometheus.io/scrape. Namespaces
    /// with commas; "" is all.
    std::vector<std::size_t> select(const std::string& how, const std::string& namespaces,
                                    const std::string& selector) const;
    std::vector<std::size_t> holdersOf(const std::string& secret) const;
    /// Parts that are stores of a system.
    const std::vector<std::size_t>& stores(const std::string& system) const;
    /// "kafka.messaging.svc:9092" for a store or service: the name that datasets are called by.
    std::string addressOf(std::size_t part) const;

private:
    struct ServiceEntry
    {
        std::size_t part = 0;
        const LineageService* service = nullptr;
        std::optional<std::size_t> workload;
    };
    std::optional<std::size_t> workloadOf(const LineageService& service) const;
    /// What is known to answer at a name of the world; with another port it does not.
    Answer outside(std::string host, std::string note) const;

    const std::vector<LineagePart>& m_parts;
    std::unordered_map<ObjectKey, std::size_t, ObjectKeyHash> m_byKey;
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> m_byKindAndName;
    std::map<std::string, std::vector<std::size_t>> m_workloads; ///< by namespace
    std::map<ServiceName, ServiceEntry> m_services;
    std::map<std::size_t, std::vector<const LineageService*>> m_servicesOf; ///< by workload
    std::map<std::string, std::vector<std::size_t>> m_stores;
    std::map<std::string, std::vector<std::size_t>> m_secretHolders;
    std::set<std::string> m_namespaces;
    std::map<std::string, std::pair<std::size_t, int>> m_outside; ///< by host: part and port
};

} // namespace core
