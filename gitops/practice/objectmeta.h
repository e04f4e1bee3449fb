// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/resourcetype.h"

#include <string>
#include <string_view>
#include <vector>

namespace gitops::practice {

inline constexpr std::size_t kAnnotationsLimit = 256u << 10;

/// The metadata of an object, made when it is missing.
core::JsonObject& metadataOf(core::Json& object);
/// Erases a member, keeping the order of the others.
void eraseMember(core::JsonObject& object, std::string_view key);
void eraseMember(core::Json& object, std::string_view key);

std::vector<std::string> finalizersOf(const core::Json& object);
void setFinalizers(core::Json& object, const std::vector<std::string>& finalizers);

/// Names, labels, annotations, finalizers and owners: what every kind has to get right.
std::vector<Cause> validateMetadata(const ResourceType& type, const core::Json& object);
/// What an update may not change in metadata.
std::vector<Cause> validateMetadataUpdate(const core::Json& old, const core::Json& object);

bool isDnsLabel(std::string_view text); ///< RFC 1123, at most 63
bool isDnsSubdomain(std::string_view text); ///< RFC 1123, at most 253
bool isQualifiedName(std::string_view text); ///< "prefix/name" of a label or annotation
bool isLabelValue(std::string_view text);

/// What the server keeps whatever an update says: uid, creationTimestamp, deletionTimestamp, …
void keepSystemMetadata(const core::Json& old, core::Json& object);

} // namespace gitops::practice
