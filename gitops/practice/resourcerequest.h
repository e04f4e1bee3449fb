// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/apirequest.h"
#include "gitops/practice/objectwriter.h"
#include "gitops/practice/presentation.h"

#include <string>
#include <vector>

namespace gitops::practice {

/// A request for a resource, understood. Lives as long as the request is answered.
struct ResourceRequest
{
    const core::HttpRequest& http;
    RequestTarget target;
    ResourcePath path;
    TypePtr type;
    Representation form;
    Identity identity;
    core::WallTime now;

    ErrorSubject subject() const { return {type->kind.group, type->plural, path.name}; }
    /// Of the keys in the store that the path covers: "shop/" or "".
    std::string keyPrefix() const;
};

using Answer = ApiResult<core::HttpResponse>;

/// dryRun, fieldManager, fieldValidation; 400 and 422 as Kubernetes has them.
ApiResult<WriteOptions> writeOptions(const ResourceRequest& request,
                                     std::vector<std::string>* warnings);
/// The body as JSON: application/json, or YAML where it is allowed. 413, 415, 400.
ApiResult<core::Json> bodyOf(const core::HttpRequest& request, bool yamlAllowed);
/// The media type of the body, without parameters; "application/json" when there is none.
std::string contentType(const core::HttpRequest& request);

core::HttpResponse objectResponse(const ResourceRequest& request, int status,
                                  const StoredObject& object,
                                  const std::vector<std::string>& warnings = {});
/// The Warning header of answers about a deprecated kind or version; "" for none.
std::string deprecationWarning(const ResourceType& type);
/// For an object that is no stored one (a review, a Scale).
core::HttpResponse valueResponse(int status, const core::Json& value,
                                 const std::vector<std::string>& warnings = {});

} // namespace gitops::practice
