// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/objectwriter.h"

#include <set>
#include <string>

namespace gitops::practice {

/// What every namespace has (the default ServiceAccount, kube-root-ca.crt), and how one goes: first
/// its content, then the namespace itself. One thread; it acts in work, never inside changed.
class NamespaceLifecycle
{
public:
    NamespaceLifecycle(ObjectStore& store, ResourceRegistry& registry, ObjectWriter& writer,
                       std::string certificateAuthority);

    void changed(const Change& change);
    bool work();
    void start();

private:
    void fill(const std::string& name);
    void empty(const StoredPtr& space);
    void report(const StoredPtr& space, std::size_t left, std::size_t held);
    void finish(const StoredPtr& space);

    ObjectStore& m_store;
    ResourceRegistry& m_registry;
    ObjectWriter& m_writer;
    std::string m_certificateAuthority;
    std::set<std::string> m_queue;
};

} // namespace gitops::practice
