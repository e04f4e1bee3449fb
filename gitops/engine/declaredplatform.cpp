// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/declaredplatform.h"

#include "gitops/application/applicationreader.h"
#include "gitops/engine/platformview.h"
#include "gitops/render/variables.h"
#include "gitops/sync/syncplanner.h"

#include <deque>
#include <set>

namespace gitops {

namespace {

constexpr std::size_t kMaxApplications = 2000;

core::Result<DesiredStatePtr> desiredOf(const core::Application& application,
                                        const TreeLookup& lookup, const RenderFunction& renderer,
                                        core::CommitInfo& commit)
{
    auto revision = lookup(application);
    if (!revision)
        return std::unexpected(std::move(revision.error()));
    commit = revision->commit;
    RenderRequest request;
    request.tree = revision->tree;
    request.path = application.source.path;
    request.source = application.source;
    request.variables = renderVariables(application, commit.id);
    auto rendered = renderer ? renderer(request) : render(request);
    if (!rendered)
        return std::unexpected(std::move(rendered.error()));
    return prepareDesired(application, revision->commit, *rendered, nullptr);
}

core::PlatformApplication described(const core::Application& application,
                                    const core::CommitInfo& commit)
{
    core::PlatformApplication out;
    out.name = application.name;
    out.parent = application.parent;
    out.wave = waveOf(application.annotations);
    out.repoUrl = application.source.repoUrl;
    out.path = application.source.path;
    out.revision = commit.id;
    out.destinationNamespace = application.destinationNamespace;
    out.place = application.place;
    return out;
}

/// The applications that a render declares; what cannot be read becomes a gap.
void findChildren(const DesiredState& desired, const std::string& parent,
                  std::deque<core::Application>& out, core::PlatformInput& input)
{
    for (const auto& [key, object] : desired.objects) {
        if (key.group == "argoproj.io" && key.kind == "ApplicationSet")
            input.gaps.push_back(object.manifest->origin().text() + ": " + key.text()
                                 + " makes applications that are not looked at.");
        auto child = applicationOf(*object.manifest);
        if (!child)
            continue;
        if (!*child) {
            input.gaps.push_back(child->error().text());
            continue;
        }
        (*child)->parent = parent;
        out.push_back(std::move(**child));
    }
}

} // namespace

void declarePlatform(const std::vector<core::Application>& roots, const TreeLookup& lookup,
                     core::PlatformInputBuilder& out, const RenderFunction& renderer)
{
    std::deque<core::Application> waiting(roots.begin(), roots.end());
    std::set<std::string> seen;
    while (!waiting.empty()) {
        const core::Application application = std::move(waiting.front());
        waiting.pop_front();
        if (!seen.insert(application.name).second) {
            out.input().gaps.push_back("Application " + application.name
                                       + " is declared more than once; the first one stands.");
            continue;
        }
        if (seen.size() > kMaxApplications) {
            out.input().gaps.push_back("There are more than 2000 applications; the rest is left "
                                       "out.");
            return;
        }
        core::CommitInfo commit;
        const auto desired = desiredOf(application, lookup, renderer, commit);
        out.input().applications.push_back(described(application, commit));
        if (!desired) {
            out.input().gaps.push_back("Application " + application.name + ": "
                                       + desired.error().text());
            continue;
        }
        declareAll(**desired, application.name, out);
        findChildren(**desired, application.name, waiting, out.input());
    }
}

} // namespace gitops
