// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "gitops/practice/apierror.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/resourcetype.h"

#include <string>
#include <vector>

namespace gitops::practice {

/// The shape of an answer that the Accept header and includeObject ask for.
struct Representation
{
    enum class Form
    {
        Object,
        Metadata, ///< PartialObjectMetadata
        Table
    } form = Form::Object;
    enum class Include
    {
        None,
        Metadata,
        Object
    } include = Include::Metadata; ///< what a Table's rows carry
    bool operator==(const Representation&) const = default;
};

/// The first acceptable clause wins; 406 when there is none.
ApiResult<Representation> negotiate(std::string_view accept, std::string_view includeObject);

/// Where a list stands, for its metadata.
struct ListPosition
{
    std::string resourceVersion;
    std::string continueToken;
    std::size_t remaining = 0; ///< 0: leave out
};

/// Puts apiVersion, kind and metadata first, as every stored object has them.
void normaliseOrder(core::Json& object, const core::GroupVersionKind& kind);

/// An object's JSON text in the type's version.
std::string objectText(const ResourceType& type, const StoredObject& object);
/// The same as a value.
core::Json objectValue(const ResourceType& type, const StoredObject& object);

/// An object in the form asked for. now dates the ages of a Table.
std::string presentObject(const ResourceType& type, const StoredObject& object,
                          const Representation& form, core::WallTime now);
std::string presentList(const ResourceType& type, const std::vector<StoredPtr>& objects,
                        const ListPosition& position, const Representation& form,
                        core::WallTime now);

} // namespace gitops::practice
