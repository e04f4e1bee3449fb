// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/readhandler.h"
#include "gitops/practice/writehandler.h"

namespace gitops::practice {

/// What stands behind an object's name in a path: status, scale, finalize, log, eviction, binding,
/// token, exec. One thread.
class Subresources
{
public:
    Subresources(ObjectStore& store, ResourceRegistry& registry, ObjectWriter& writer);

    Answer answer(const ResourceRequest& request, const ReadHandler& reads, WriteHandler& writes);

private:
    Answer scale(const ResourceRequest& request);
    Answer evict(const ResourceRequest& request);
    Answer bind(const ResourceRequest& request);
    Answer token(const ResourceRequest& request);
    Answer stream(const ResourceRequest& request);
    Answer log(const ResourceRequest& request);
    StoredPtr find(const ResourceRequest& request) const;

    ObjectStore& m_store;
    ResourceRegistry& m_registry;
    ObjectWriter& m_writer;
};

} // namespace gitops::practice
