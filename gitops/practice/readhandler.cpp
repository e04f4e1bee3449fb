// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/readhandler.h"

#include "gitops/practice/continuetoken.h"

#include <charconv>

namespace gitops::practice {

namespace {

constexpr std::chrono::seconds kDefaultWatch {1800};

std::optional<std::uint64_t> versionNumber(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc {} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::unexpected<ApiError> invalidOptions(Cause cause)
{
    return invalid("meta.k8s.io", "ListOptions", "", {std::move(cause)});
}

Cause noMatchWithContinue()
{
    return fieldForbidden("resourceVersionMatch",
                          "resourceVersionMatch is forbidden when continue is provided");
}

/// The matrix of resourceVersion, resourceVersionMatch and continue (apimachinery
/// pkg/apis/meta/internalversion/validation).
ApiResult<void> checkListOptions(const RequestTarget& target)
{
    const std::string_view match = target.parameter("resourceVersionMatch");
    const std::string_view version = target.parameter("resourceVersion");
    if (target.flag("sendInitialEvents"))
        return invalidOptions(
            fieldForbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
    if (match.empty())
        return {};
    if (version.empty())
        return invalidOptions(
            fieldForbidden("resourceVersionMatch",
                           "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    if (!target.parameter("continue").empty())
        return invalidOptions(noMatchWithContinue());
    if (match != "Exact" && match != "NotOlderThan")
        return invalidOptions(
            fieldUnsupported("resourceVersionMatch", match, {"Exact", "NotOlderThan", ""}));
    if (match == "Exact" && version == "0")
        return invalidOptions(fieldForbidden("resourceVersionMatch",
                                             "resourceVersionMatch \"exact\" is forbidden for "
                                             "resourceVersion \"0\""));
    return {};
}

ApiResult<void> checkWatchOptions(const RequestTarget& target)
{
    const std::string_view match = target.parameter("resourceVersionMatch");
    if (!target.parameter("continue").empty())
        return invalidOptions(noMatchWithContinue());
    if (target.has("sendInitialEvents")) {
        if (match != "NotOlderThan")
            return invalidOptions(
                fieldForbidden("resourceVersionMatch",
                               "sendInitialEvents requires setting resourceVersionMatch to "
                               "NotOlderThan"));
        return {};
    }
    if (!match.empty())
        return invalidOptions(fieldForbidden(
            "resourceVersionMatch",
            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is "
            "provided"));
    return {};
}

std::unexpected<ApiError> tooLarge(std::uint64_t asked, std::uint64_t known)
{
    ApiError error;
    error.code = 504;
    error.reason = "Timeout";
    error.message = "Timeout: Too large resource version: " + std::to_string(asked)
        + ", current: " + std::to_string(known);
    error.retryAfterSeconds = 1;
    error.causes = {{"ResourceVersionTooLarge", "Too large resource version", ""}};
    return std::unexpected(std::move(error));
}

} // namespace

/// Where a list begins: at which key, as of which version.
struct ReadHandler::Start
{
    std::string key;
    std::uint64_t version = 0; ///< 0: now
    std::size_t limit = 0;
};

ReadHandler::ReadHandler(const ObjectStore& store, const core::Clock& clock)
    : m_store(store)
    , m_clock(clock)
{
}

Answer ReadHandler::get(const ResourceRequest& request) const
{
    const std::string space = request.type->namespaced ? request.path.namespaceName : std::string();
    const StoredPtr object = m_store.get(request.type->storage, storeKey(space, request.path.name));
    if (const auto version = versionNumber(request.target.parameter("resourceVersion"));
        version && *version > m_store.resourceVersion())
        return tooLarge(*version, m_store.resourceVersion());
    if (!object)
        return notFound(request.subject());
    return objectResponse(request, 200, *object);
}

ApiResult<ReadHandler::Start> ReadHandler::startOf(const ResourceRequest& request) const
{
    Start start;
    if (const std::string_view limit = request.target.parameter("limit"); !limit.empty()) {
        const auto number = versionNumber(limit.starts_with('-') ? limit.substr(1) : limit);
        if (!number)
            return badRequest("strconv.ParseInt: parsing \"" + std::string(limit.substr(0, 40))
                              + "\": invalid syntax");
        start.limit = limit.starts_with('-') ? 0 : *number;
    }
    if (const std::string_view token = request.target.parameter("continue"); !token.empty()) {
        if (const std::string_view own = request.target.parameter("resourceVersion");
            !own.empty() && own != "0")
            return badRequest("specifying resource version is not allowed when using continue");
        const auto parsed = ContinueToken::parse(token);
        if (!parsed)
            return badRequest("continue key is not valid: " + std::string(token.substr(0, 100)));
        start.key = parsed->key;
        start.version = parsed->resourceVersion;
        if (start.version != 0 && !m_store.knowsSince(start.version))
            return expired(
                "The provided continue parameter is too old to display a consistent list "
                "result. You can start a new list without the continue parameter, or use "
                "the continue token in this response to retrieve the remainder of the "
                "results.",
                ContinueToken {0, start.key}.text());
        return start;
    }
    const std::string_view version = request.target.parameter("resourceVersion");
    if (version.empty() || version == "0")
        return start;
    const auto number = versionNumber(version);
    if (!number)
        return badRequest("invalid resource version: " + std::string(version.substr(0, 40)));
    if (*number > m_store.resourceVersion())
        return tooLarge(*number, m_store.resourceVersion());
    if (request.target.parameter("resourceVersionMatch") == "Exact") {
        if (!m_store.knowsSince(*number))
            return expired("The resourceVersion for the provided list is too old.");
        start.version = *number;
    }
    return start;
}

Answer ReadHandler::list(const ResourceRequest& request) const
{
    if (auto fine = checkListOptions(request.target); !fine)
        return std::unexpected(std::move(fine).error());
    auto selector = ObjectSelector::make(*request.type, request.target.parameter("labelSelector"),
                                         request.target.parameter("fieldSelector"));
    if (!selector)
        return std::unexpected(std::move(selector).error());
    auto start = startOf(request);
    if (!start)
        return std::unexpected(std::move(start).error());
    const std::string prefix = request.keyPrefix();
    const std::string& storage = request.type->storage;
    std::vector<StoredPtr> found;
    std::string key = start->key;
    ObjectStore::Page page;
    do { // with a selector a page may need several looks
        const std::size_t wanted = start->limit == 0 ? 0 : start->limit - found.size();
        page = m_store.list(storage, prefix, key, wanted, start->version);
        for (const StoredPtr& object : page.objects)
            if (selector->isEmpty() || selector->matches(object->value()))
                found.push_back(object);
        key = page.nextKey;
    } while (!key.empty() && found.size() < start->limit);
    ListPosition position {std::to_string(page.resourceVersion), {}, 0};
    if (!page.nextKey.empty()) {
        position.continueToken = ContinueToken {page.resourceVersion, page.nextKey}.text();
        position.remaining = selector->isEmpty() ? page.remaining : 0;
    }
    return core::HttpResponse {
        200,
        {{"Content-Type", "application/json"}},
        presentList(*request.type, found, position, request.form, request.now) + "\n"};
}

ApiResult<WatchRequest> ReadHandler::watch(const ResourceRequest& request) const
{
    const RequestTarget& target = request.target;
    if (auto fine = checkWatchOptions(target); !fine)
        return std::unexpected(std::move(fine).error());
    std::string fields(target.parameter("fieldSelector"));
    if (!request.path.name.empty())
        fields = "metadata.name=" + request.path.name + (fields.empty() ? "" : "," + fields);
    auto selector = ObjectSelector::make(*request.type, target.parameter("labelSelector"), fields);
    if (!selector)
        return std::unexpected(std::move(selector).error());
    WatchRequest watch;
    watch.type = request.type;
    watch.prefix = request.keyPrefix();
    watch.selector = std::move(*selector);
    watch.form = request.form;
    watch.bookmarks = target.flag("allowWatchBookmarks");
    watch.markInitialEnd = target.flag("sendInitialEvents") && watch.bookmarks;
    watch.from = m_store.resourceVersion();
    const auto seconds = versionNumber(target.parameter("timeoutSeconds")).value_or(0);
    watch.until = m_clock.steadyNow()
        + (seconds == 0 ? kDefaultWatch
                        : std::chrono::seconds(std::min<std::uint64_t>(seconds, 86'400)));
    const std::string_view version = target.parameter("resourceVersion");
    if (version.empty() || version == "0" || target.flag("sendInitialEvents")) {
        watch.initialEvents = !target.has("sendInitialEvents") || target.flag("sendInitialEvents");
        return watch;
    }
    const auto number = versionNumber(version);
    if (!number)
        return badRequest("invalid resource version: " + std::string(version.substr(0, 40)));
    if (*number > m_store.resourceVersion())
        return tooLarge(*number, m_store.resourceVersion());
    if (!m_store.knowsSince(*number))
        return expired("too old resource version: " + std::string(version));
    watch.from = *number;
    return watch;
}

} // namespace gitops::practice
