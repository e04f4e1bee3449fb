// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformmodel.h"

#include <string>
#include <vector>

namespace tests {

/// A platform made of YAML, as Git would declare it and as a cluster would have it.
class PlatformFixture
{
public:
    /// Documents of an application; every one counts as standing in NAME.yaml.
    PlatformFixture& declare(const std::string& yaml, const std::string& application = "app");
    /// Documents as the cluster has them: with uid, without health unless it is given.
    PlatformFixture& live(const std::string& yaml,
                          std::optional<core::Health> health = std::nullopt,
                          const std::string& application = {});
    PlatformFixture& application(const std::string& name, int wave, const std::string& parent = {});
    core::PlatformInput& input() { return m_builder.input(); }

    core::PlatformInputPtr build() { return std::move(m_builder).build(); }

private:
    core::PlatformInputBuilder m_builder;
};

/// "kind: X\nmetadata: {name, namespace}\n" with what else is given, indented as written.
std::string object(const std::string& apiVersion, const std::string& kind, const std::string& space,
                   const std::string& name, const std::string& more = {});

/// A Namespace with labels written as a flow mapping: "{role: tenant}".
std::string space(const std::string& name, const std::string& labels = "{}");

/// A Deployment of one container; container is what stands below "name".
std::string deployment(const std::string& space, const std::string& name,
                       const std::string& container = {}, const std::string& labels = {});

} // namespace tests
