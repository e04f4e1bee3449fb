// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/cluster/discovery.h"
#include "gitops/cluster/transport.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gitops {

/// An answered write or read: the object as the server has it now, and what it warned of.
struct ApiObject
{
    core::Json object;
    bool created = false; ///< 201
    std::vector<std::string> warnings; ///< Warning headers, unquoted, without doubles
};

struct ApplyOptions
{
    bool force = true;
    bool dryRun = false;
    std::string fieldManager = std::string(core::kFieldManager);
    bool strictValidation = false; ///< fieldValidation=Strict, else Warn
};

struct DeleteOptions
{
    std::string uid; ///< always set for a prune: the server refuses when it differs
    std::string propagationPolicy = "Foreground"; ///< Foreground, Background, Orphan
    bool dryRun = false;
};

struct ListPage
{
    /// Objects as JSON text, not read yet: views of body, with kJsonPadding bytes behind each.
    /// Built-in kinds leave apiVersion and kind out.
    std::vector<std::string_view> items;
    std::string resourceVersion;
    std::string continueToken; ///< "" on the last page
    std::shared_ptr<const std::string> body;
};

struct WatchEvent
{
    enum class Type
    {
        Added,
        Modified,
        Deleted,
        Bookmark
    } type = Type::Added;
    /// The object as JSON text, not read yet, with kJsonPadding bytes behind it: a view that ends
    /// with the handler's call. For a Bookmark only metadata.resourceVersion and the annotation of
    /// the initial events' end count.
    std::string_view object;
};

/// Kubernetes' API in words of its own: typed errors from Status objects, retries of 429 and 5xx
/// where Retry-After says so (reads also without), collected warnings. Callbacks run on the
/// Executor given. (shared reference: kubernetes API conventions; apimachinery pkg/api/errors.) All
/// calls must come from that Executor. Destroying the client cancels what is under way; no callback
/// follows.
class ApiClient
{
public:
    using ObjectHandler = std::function<void(core::Result<ApiObject>)>;
    struct WatchHandler
    {
        /// In order; a burst that arrived together comes together.
        std::function<void(std::vector<WatchEvent>)> events;
        /// The watch ended: nullopt when the server closed it cleanly (resume from the last
        /// resourceVersion); Gone: list again; else an error to back off from. Never called after
        /// cancel.
        std::function<void(std::optional<core::Error>)> end;
        /// The server accepted the watch; events may still say Gone. May be left out.
        std::function<void()> started = {};
    };
    using WatchId = std::uint64_t;

    ApiClient(Transport& transport, core::Executor& executor);
    ~ApiClient();

    void version(std::function<void(core::Result<std::string>)> done); ///< gitVersion
    /// Aggregated (v2, v2beta1) with the legacy form as fallback, also mixed.
    void discover(std::function<void(core::Result<Discovery>)> done);

    void get(const ApiResource& resource, const std::string& namespaceName, const std::string& name,
             ObjectHandler done);
    /// One page; pass the continueToken on for the next. namespaceName "" lists all namespaces.
    void list(const ApiResource& resource, const std::string& namespaceName, int limit,
              const std::string& continueToken, const std::string& labelSelector,
              std::function<void(core::Result<ListPage>)> done);
    WatchId watch(const ApiResource& resource, const std::string& namespaceName,
                  const std::string& resourceVersion, WatchHandler handler);
    /// A watch that begins with an Added for every object there is, then a Bookmark that says that
    /// these were all (WatchList; on by default from 1.34). Servers without it refuse (Invalid), or
    /// take it for an ordinary watch, whose first Bookmark says nothing.
    WatchId watchFromStart(const ApiResource& resource, const std::string& namespaceName,
                           WatchHandler handler);
    void cancel(WatchId id);

    /// Server-side apply. Errors: Conflict (with managers and fields in the message), Forbidden,
    /// Invalid, NotFound (kind or namespace), TooManyRequests, UnknownOutcome.
    void apply(const ApiResource& resource, const std::string& namespaceName,
               const std::string& name, std::string body, const ApplyOptions& options,
               ObjectHandler done);
    void create(const ApiResource& resource, const std::string& namespaceName, std::string body,
                bool dryRun, ObjectHandler done);
    /// PUT; the body's metadata.resourceVersion makes it conditional.
    void replace(const ApiResource& resource, const std::string& namespaceName,
                 const std::string& name, std::string body, bool dryRun, ObjectHandler done);
    /// contentType: application/json-patch+json, application/merge-patch+json, …
    void patch(const ApiResource& resource, const std::string& namespaceName,
               const std::string& name, std::string_view contentType, std::string body,
               const std::string& subresource, ObjectHandler done);
    /// ok: accepted, and whether it is gone already is for the watch to tell. NotFound: it was
    /// gone. Conflict: the uid differs, so it is not the object that was meant.
    void remove(const ApiResource& resource, const std::string& namespaceName,
                const std::string& name, const DeleteOptions& options,
                std::function<void(core::Result<void>)> done);

private:
    struct Private;
    std::shared_ptr<Private> d;
};

/// A Status object or a bare body as an Error (reason to code, causes listed, retryAfterSeconds
/// kept).
core::Error errorFromResponse(const core::HttpResponse& response);

} // namespace gitops
