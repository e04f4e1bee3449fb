// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "core/schema/typeschema.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gitops::practice {

/// One additionalPrinterColumn of a CRD's version.
struct PrinterColumn
{
    std::string name;
    std::string type; ///< string, integer, number, boolean, date
    std::string format;
    std::string description;
    std::string path; ///< JSONPath
    int priority = 0;
};

/// What a CRD says of one of its versions.
struct CustomVersion
{
    std::string crdName; ///< "kafkas.kafka.strimzi.io"
    std::string storageVersion;
    std::shared_ptr<const core::Json> schema; ///< openAPIV3Schema; null when there is none
    bool preserveUnknownFields = false;
    std::string deprecation; ///< the warning that goes with every answer; "" for none
    std::vector<PrinterColumn> columns;
    std::vector<std::string> selectableFields; ///< JSONPaths
    std::string specReplicasPath; ///< of the scale subresource
    std::string statusReplicasPath;
    std::string labelSelectorPath;
};

/// One resource in one version as the server serves it. Immutable once made.
struct ResourceType
{
    core::GroupVersionKind kind;
    std::string plural;
    std::string singular;
    std::string listKind;
    bool namespaced = true;
    std::vector<std::string> verbs;
    std::vector<std::string> shortNames;
    std::vector<std::string> categories;
    std::set<std::string> subresources;
    /// Where its objects are kept: one name for all versions ("deployments.apps").
    std::string storage;
    std::shared_ptr<const CustomVersion> custom; ///< null for a built-in kind
    std::shared_ptr<const core::TypeSchema> typeSchema; ///< how its lists and maps merge

    bool hasVerb(std::string_view verb) const;
    bool hasStatus() const { return subresources.contains("status"); }
    bool isStored() const { return hasVerb("list"); }
};

using TypePtr = std::shared_ptr<const ResourceType>;

/// "deployments.apps", "pods": how a resource is named without its version.
std::string groupResource(std::string_view plural, std::string_view group);

} // namespace gitops::practice
