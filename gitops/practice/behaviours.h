// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/controller.h"
#include "gitops/practice/eventrecorder.h"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace gitops::practice {

/// The simulated controllers of a cluster and their work queue. What they do is in data files
/// (resources/practice): delays, the cluster's first objects, and how custom resources become
/// ready. Works on any ObjectClient. One thread, which calls tick when it is due.
class Behaviours
{
public:
    struct Options
    {
        double delayFactor = 1;
        bool firstObjects = true; ///< nodes, storage class: not on a real cluster
        /// Workloads, EndpointSlices, quotas, budgets: what a real control plane does itself.
        bool ownControllers = true;
        bool events = false; ///< write Events of what the controllers do
    };

    /// Invalid: a data file is wrong; the error names it and the line.
    static core::Result<std::unique_ptr<Behaviours>>
    make(ObjectClient& client, const core::Clock& clock, Options options);
    ~Behaviours();

    /// Does what is due, and what that makes due; returns when there is more to do.
    core::SteadyTime tick();
    std::size_t queueSize() const { return m_queue.size(); }

private:
    using Item = std::pair<std::size_t, ControllerKey>; ///< controller, object

    Behaviours(ObjectClient& client, const core::Clock& clock, Delays delays);
    void add(std::unique_ptr<Controller> controller);
    void start(const std::vector<core::Json>& firstObjects);
    void changed(const core::Json& object, bool deleted);
    void enqueue(Item item, core::SteadyTime when);
    core::SteadyTime workThrough();
    void work(const Item& item);

    ObjectClient& m_client;
    const core::Clock& m_clock;
    Delays m_delays;
    std::vector<std::unique_ptr<Controller>> m_controllers;
    std::unique_ptr<EventRecorder> m_events; ///< null without
    std::map<core::GroupKind, std::vector<std::size_t>> m_byKind; ///< who looks after a kind
    std::map<core::GroupKind, std::vector<std::size_t>> m_interested;
    std::map<Item, core::SteadyTime> m_queue;
    std::set<std::pair<core::SteadyTime, Item>> m_order;
};

} // namespace gitops::practice
