// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/endpoint.h"
#include "core/platform/lineagejoin.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace core {

/// Who answers to which name, over the facts of all parts, kept while they come, change and go.
/// Every name that anybody could look up is a cell, also one that nothing has: a cell knows who is
/// there and who has asked. So a change of a part tells who has to ask again, and nobody else.
class LineageIndex
{
public:
    using Part = const LineagePart*;
    using Parts = std::set<Part, LineagePartOrder>;

    /// A part is there, or its facts are others now. Its address stays the same until remove().
    void put(Part part);
    void remove(Part part);
    /// Datasets that a part declares at a known place, by "system\nname" and id.
    void declare(Part part, std::vector<std::pair<std::string, std::string>> datasets);
    /// Those that looked up something that has another answer since the last call.
    Parts settle();

    /// From here on, what is looked up is noted down for this part.
    void record(Part reader) { m_reader = reader; }
    /// What a part looked up no longer matters.
    void forget(Part reader);

    struct Answer
    {
        enum class Type
        {
            Part, ///< the workload, or the operator's object, behind the name
            Service, ///< a Service that selects nothing that is known
            External, ///< a name of the world
            Unknown ///< a name of the cluster that nothing has
        } type = Type::Unknown;
        LineageIndex::Part part = nullptr;
        std::string host; ///< of External, with its port
        std::string note;
    };
    /// What answers at "name:port" for somebody in that namespace; of several hosts the first.
    Answer answer(std::string_view host, const std::string& fromNamespace);

    Part find(const ObjectKey& key); ///< null when it is not there
    /// Of a kind in any namespace, when exactly one has that name.
    Part findAnywhere(const ObjectKey& key);
    /// Workloads by labels of their pods, of their Services, or by prometheus.io/scrape. Namespaces
    /// with commas; "" is all.
    Parts select(const std::string& how, const std::string& namespaces,
                 const std::string& selector);
    std::vector<Part> holdersOf(const std::string& secret);
    /// Parts that are stores of a system.
    std::vector<Part> stores(const std::string& system);
    /// "kafka.messaging.svc:9092" for a store or service: the name that datasets are called by.
    std::string addressOf(Part part);
    /// Notes that what a part says of itself, so that others call it by a name, is looked at.
    void readFace(Part part);
    /// The values of a plain variable of Airflow's workloads; "" is every namespace.
    std::set<std::string> variable(const std::string& namespaceName, const std::string& name);
    /// Ids of the datasets that are declared under a name, of Airflow's DAGs and tasks, and whether
    /// somebody brings a node of an id.
    std::set<std::string> declared(const std::string& system, const std::string& name);
    std::set<std::string> dags(const std::string& name);
    bool isBrought(const std::string& id);

private:
    struct Entry
    {
        Part part = nullptr;
        std::string value;
    };
    struct Cell
    {
        std::vector<Entry> entries; ///< in the order of the parts
        std::unordered_set<Part> readers;
        const std::string* name = nullptr;
    };
    using Names = std::vector<std::pair<std::string, std::string>>; ///< sorted, with values
    /// A Service as one part tells it.
    struct Teller
    {
        Part part = nullptr;
        std::size_t at = 0; ///< among its services
        Part workload = nullptr; ///< that it selects
        const LineageService& service() const { return part->facts->services[at]; }
    };
    struct Backend
    {
        std::vector<Teller> tellers;
        std::optional<std::size_t> chosen; ///< among them
        std::string seen; ///< what the chosen one said, and of whom
    };

    static Names namesOf(Part part);
    void enter(Part part, Names& known, Names next);
    void drop(Cell& cell);
    Cell& look(const std::string& name);
    std::vector<Part> partsAt(const std::string& name);
    std::set<std::string> valuesAt(const std::string& name);
    bool isThere(const std::string& name) { return !look(name).entries.empty(); }
    void settleServices();
    void settleService(const ServiceName& name);
    bool isTouched(const Backend& backend, const Parts& workloads) const;
    static std::optional<std::size_t> chosenOf(const std::vector<Teller>& tellers);
    void settleAddresses();
    std::string addressNow(Part part) const;
    bool fits(const LineageService& service, Part workload) const;
    Part workloadOf(const LineageService& service) const;
    void selectServices(bool byAnnotation, const std::string& space, const std::string& selector,
                        Parts& out);
    Answer outside(std::string host, std::string note);

    Part m_reader = nullptr;
    std::unordered_map<std::string, Cell> m_cells;
    std::unordered_map<Part, std::vector<Cell*>> m_reads;
    std::unordered_map<Part, Names> m_names; ///< that a part has entered
    std::unordered_map<Part, Names> m_declared;
    std::set<std::string> m_changed; ///< names of cells
    std::map<ServiceName, Backend> m_services;
    std::set<ServiceName> m_staleServices;
    std::map<std::string, Parts> m_workloads; ///< by namespace
    std::map<std::string, Parts> m_staleWorkloads; ///< that came, changed or went, by namespace
    std::unordered_set<Part> m_gone;
    std::unordered_map<Part, std::set<ServiceName>> m_servicesOf; ///< by workload
    std::unordered_map<Part, std::string> m_addresses; ///< as they were told
    std::unordered_set<Part> m_staleAddresses;
};

} // namespace core
