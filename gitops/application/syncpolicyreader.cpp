// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/syncpolicyreader.h"

#include "core/base/strings.h"
#include "core/base/time.h"

#include <algorithm>
#include <charconv>

namespace gitops {

namespace {

using namespace std::chrono_literals;

constexpr int kAutomatedRetries = 5;

const std::vector<std::string_view>& knownSyncOptions()
{
    static const std::vector<std::string_view> options {
        "Prune=false",
        "Prune=confirm",
        "Delete=false",
        "Delete=confirm",
        "PruneLast=true",
        "PrunePropagationPolicy=background",
        "PrunePropagationPolicy=foreground",
        "PrunePropagationPolicy=orphan",
        "Validate=false",
        "SkipDryRunOnMissingResource=true",
        "Replace=true",
        "Force=true",
        "ServerSideApply=true",
        "ServerSideApply=false",
        "ClientSideApplyMigration=false",
        "ApplyOutOfSyncOnly=true",
        "CreateNamespace=true",
        "FailOnSharedResource=true",
        "RespectIgnoreDifferences=true",
        // Their other value is what holds without them.
        "Prune=true",
        "Delete=true",
        "PruneLast=false",
        "Validate=true",
        "SkipDryRunOnMissingResource=false",
        "Replace=false",
        "Force=false",
        "ClientSideApplyMigration=true",
        "ApplyOutOfSyncOnly=false",
        "CreateNamespace=false",
        "FailOnSharedResource=false",
        "RespectIgnoreDifferences=false",
    };
    return options;
}

void readAutomated(FieldReader& policy, core::Application& out)
{
    FieldReader automated = policy.object("automated");
    if (!automated.isPresent())
        return;
    out.automated = automated.flag("enabled", true);
    out.prune = automated.flag("prune", false);
    out.selfHeal = automated.flag("selfHeal", false);
    out.allowEmpty = automated.flag("allowEmpty", false);
    automated.warnOfOthers({"enabled", "prune", "selfHeal", "allowEmpty"});
}

void readDuration(FieldReader& backoff, std::string_view name, std::chrono::milliseconds& out)
{
    const core::Json* value = backoff.value(name);
    if (value == nullptr)
        return;
    std::string text;
    if (value->is_string())
        text = backoff.text(name);
    else if (value->is_int64() && value->get_int64() >= 0)
        text = std::to_string(value->get_int64());
    if (text.empty() && value->is_string())
        return;
    if (const auto duration = parsePolicyDuration(text))
        out = *duration;
    else
        backoff.error(name, "must be a duration such as 5s or 3m");
}

void readRetry(FieldReader& policy, core::RetryPolicy& out, bool automated)
{
    FieldReader retry = policy.object("retry");
    if (!retry.isPresent()) {
        out.limit = automated ? kAutomatedRetries : 0;
        return;
    }
    const std::int64_t limit = retry.integer("limit").value_or(0);
    out.limit = int(std::clamp<std::int64_t>(limit, -1, 1'000'000));
    FieldReader backoff = retry.object("backoff");
    readDuration(backoff, "duration", out.duration);
    readDuration(backoff, "maxDuration", out.maxDuration);
    if (const std::optional<std::int64_t> factor = backoff.integer("factor")) {
        if (*factor < 1 || *factor > 1000)
            backoff.error("factor", "must be between 1 and 1000");
        else
            out.factor = double(*factor);
    }
    backoff.warnOfOthers({"duration", "factor", "maxDuration"});
    retry.warnOfOthers({"limit", "backoff", "refresh"});
}

void readSyncOptions(FieldReader& policy, core::Application& out)
{
    out.syncOptions = policy.texts("syncOptions");
    for (const std::string& option : out.syncOptions) {
        if (std::ranges::find(knownSyncOptions(), option) != knownSyncOptions().end())
            continue;
        const auto meant = nearest(option, knownSyncOptions());
        std::string message =
            "has \"" + core::sanitised(option) + "\", which is unknown and has no effect";
        if (meant)
            message += "; did you mean " + std::string(*meant);
        policy.warning("syncOptions", message);
    }
}

} // namespace

std::optional<std::chrono::milliseconds> parsePolicyDuration(std::string_view text)
{
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    std::optional<std::chrono::milliseconds> out;
    if (error == std::errc() && end == text.data() + text.size()) {
        if (seconds > std::chrono::seconds(24h * 366).count())
            return std::nullopt;
        out = std::chrono::seconds(seconds);
    } else {
        out = core::parseDuration(text);
    }
    if (!out || *out < 0ms || *out > 24h * 366)
        return std::nullopt;
    return out;
}

void readSyncPolicy(FieldReader& spec, core::Application& out)
{
    FieldReader policy = spec.object("syncPolicy");
    readAutomated(policy, out);
    readRetry(policy, out.retry, out.automated);
    readSyncOptions(policy, out);
    FieldReader metadata = policy.object("managedNamespaceMetadata");
    out.managedNamespaceLabels = metadata.textMap("labels");
    out.managedNamespaceAnnotations = metadata.textMap("annotations");
    metadata.warnOfOthers({"labels", "annotations"});
    policy.warnOfOthers({"automated", "retry", "syncOptions", "managedNamespaceMetadata"});
}

} // namespace gitops
