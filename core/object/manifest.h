// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/digest.h"
#include "core/object/identity.h"

#include <map>
#include <memory>
#include <string>

namespace core {

/// Where the fields of a rendered object come from: JSON pointer ("/spec/replicas") to file and
/// line in Git. A field without an entry comes from where its nearest parent does; "" is the object
/// itself.
using Origins = std::map<std::string, Place>;

/// One object as Git declares it, complete and immutable: made once, shared by all who need it. Any
/// thread.
class Manifest
{
public:
    /// Fails (Invalid, with place) when apiVersion, kind or metadata.name is missing or no string,
    /// unless metadata.generateName is there.
    static Result<std::shared_ptr<const Manifest>> make(const Json& object, Origins origins = {});

    const GroupVersionKind& kind() const { return m_kind; }
    const ObjectKey& key() const { return m_key; }
    /// Compact JSON, keys in the order given.
    const std::string& text() const { return m_text; }
    /// SHA-256 of the canonical text.
    const Digest& digest() const { return m_digest; }
    const Origins& origins() const { return m_origins; }
    /// Made anew at every call: keep it no longer than needed.
    Json value() const;
    /// The nearest known origin of a field.
    Place origin(std::string_view jsonPointer = "") const;

private:
    Manifest() = default;
    GroupVersionKind m_kind;
    ObjectKey m_key;
    std::string m_text;
    Digest m_digest;
    Origins m_origins;
};

using ManifestPtr = std::shared_ptr<const Manifest>;

} // namespace core
