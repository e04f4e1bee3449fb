// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/resourcerequest.h"

namespace gitops::practice {

/// POST, PUT, PATCH and DELETE of objects and of their status. One thread.
class WriteHandler
{
public:
    WriteHandler(ObjectStore& store, ObjectWriter& writer);

    Answer create(const ResourceRequest& request);
    Answer update(const ResourceRequest& request);
    Answer patch(const ResourceRequest& request);
    Answer remove(const ResourceRequest& request);
    Answer removeCollection(const ResourceRequest& request);

private:
    Answer apply(const ResourceRequest& request, const StoredPtr& current,
                 const WriteOptions& options);
    StoredPtr find(const ResourceRequest& request) const;

    ObjectStore& m_store;
    ObjectWriter& m_writer;
};

/// The patch of a request applied to an object: JSON patch, merge patch or strategic merge patch,
/// by the body's media type.
ApiResult<core::Json> patched(const ResourceRequest& request, core::Json object);

/// From the DeleteOptions in the body and the query.
ApiResult<DeleteRequest> deleteRequest(const ResourceRequest& request);

} // namespace gitops::practice
