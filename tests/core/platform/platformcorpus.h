// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineagemodel.h"

#include <string>
#include <vector>

class QString;

namespace tests {

/// Objects of many manifests, to change at random.
struct PlatformCorpus
{
    std::vector<core::ManifestPtr> manifests;
    std::vector<core::LineageFile> files;

    /// Objects of a text; what is none (a patch, values, a kustomization) is left out.
    void add(const std::string& yaml);
    /// A case of tests/data/lineage.
    void addCase(const QString& name);
    /// A platform as Git declares it: what kubectl renders of an overlay, and of the applications
    /// in it.
    void addRendered(const QString& path, const std::string& space = {}, int depth = 0);
    /// The first of each key.
    core::PlatformInput input() const;
};

/// Strimzi's topics and mirrors, users and their rights, Services and who they lead to; folders in
/// folders, layers that only some names bring, and a store that several Services name.
std::string madeLineage();

} // namespace tests
