// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/apiclientprivate.h"
#include "gitops/cluster/apierror.h"
#include "gitops/cluster/discoveryreader.h"
#include "gitops/cluster/jsonbody.h"

namespace gitops {

namespace {

using Done = std::function<void(core::Result<Discovery>)>;

/// One discovery under way: /api and /apis, each aggregated or legacy, then what legacy needs.
struct DiscoveryRun : std::enable_shared_from_this<DiscoveryRun>
{
    std::shared_ptr<ApiCaller> caller;
    Done done;
    int open = 0; ///< answers to come
    std::optional<core::Error> error;
    Discovery aggregated;
    std::vector<GroupVersion> versions; ///< legacy, in the order of preference
    std::vector<core::Result<core::Json>> lists; ///< beside versions

    core::HttpRequest request(std::string target) const
    {
        core::HttpRequest out;
        out.target = std::move(target);
        out.headers.emplace_back("Accept", kDiscoveryAccept);
        out.headers.emplace_back("Accept-Encoding", "gzip");
        out.timeout = std::chrono::seconds(32);
        return out;
    }

    void begin()
    {
        open = 2;
        for (const char* const root : {"/api", "/apis"})
            caller->send(request(root), RequestKind::Read,
                         [self = shared_from_this(), root](auto answer) {
                             self->takeRoot(root, std::move(answer));
                         });
    }

    void fail(core::Error failure, std::string where)
    {
        if (failure.place.isEmpty())
            failure.place.object = std::move(where);
        if (!error)
            error = std::move(failure);
    }

    void takeRoot(const char* root, core::Result<core::HttpResponse> answer)
    {
        auto body = bodyOf(answer);
        if (!body)
            fail(std::move(body.error()), root);
        else if (isAggregatedDiscovery(*answer))
            readAggregated(*body, aggregated);
        else
            for (GroupVersion& version : readLegacyVersions(*body))
                takeVersion(std::move(version));
        finish();
    }

    void takeVersion(GroupVersion version)
    {
        const std::size_t index = versions.size();
        versions.push_back(std::move(version));
        lists.emplace_back(core::failure(core::ErrorCode::Unavailable, "no answer"));
        ++open;
        caller->send(request(versions[index].path()), RequestKind::Read,
                     [self = shared_from_this(), index](auto answer) {
                         self->lists[index] = bodyOf(answer);
                         self->finish();
                     });
    }

    static core::Result<core::Json> bodyOf(const core::Result<core::HttpResponse>& answer)
    {
        if (!answer)
            return std::unexpected(answer.error());
        if (answer->status != 200)
            return std::unexpected(errorFromResponse(*answer));
        auto body = parseBody(answer->body);
        if (body && !body->is_object())
            return core::failure(core::ErrorCode::Internal, "the answer is no object", {},
                                 core::Fault::Cluster);
        return body;
    }

    void finish()
    {
        if (--open > 0)
            return;
        for (std::size_t i = 0; i < versions.size(); ++i) {
            if (lists[i])
                readLegacyResources(*lists[i], versions[i], aggregated);
            else if (versions[i].group.empty())
                fail(lists[i].error(), versions[i].path());
            else
                aggregated.markStale(versions[i].group);
        }
        const Done report = std::move(done);
        if (error)
            return report(std::unexpected(std::move(*error)));
        report(std::move(aggregated));
    }
};

/// Kinds of a stale group that we knew before stay known.
void keepStale(const Discovery& before, Discovery& now)
{
    for (const ApiResource* resource : before.all())
        if (now.isStale(resource->kind.group) && !now.find(resource->kind)) {
            const ApiResource* preferred =
                before.find(core::GroupKind {resource->kind.group, resource->kind.kind});
            const bool isKnown =
                now.find(core::GroupKind {resource->kind.group, resource->kind.kind}) != nullptr;
            now.add(*resource, preferred == resource && !isKnown);
        }
}

} // namespace

void ApiClient::discover(std::function<void(core::Result<Discovery>)> done)
{
    const auto run = std::make_shared<DiscoveryRun>();
    run->caller = d->caller;
    run->done = [weak = std::weak_ptr(d), done = std::move(done)](core::Result<Discovery> found) {
        const auto self = weak.lock();
        if (!self)
            return;
        if (found) {
            keepStale(self->lastDiscovery, *found);
            self->lastDiscovery = *found;
        }
        done(std::move(found));
    };
    run->begin();
}

} // namespace gitops
