// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/execplugin.h"

#include "core/base/strings.h"
#include "core/base/time.h"
#include "core/value/json.h"
#include "gitops/cluster/clusterconnection.h"
#include "gitops/process/childprocess.h"

#include <algorithm>

namespace gitops {

namespace {

constexpr std::string_view kGroup = "client.authentication.k8s.io/";

std::string nameOf(const ExecPlugin& plugin)
{
    return "the credential plugin \"" + core::sanitised(plugin.command) + "\"";
}

std::unexpected<core::Error> refused(const ExecPlugin& plugin, core::ErrorCode code,
                                     const std::string& what)
{
    return core::failure(code, nameOf(plugin) + " " + what, plugin.place, core::Fault::User);
}

/// KUBERNETES_EXEC_INFO: what the plugin is told.
std::string execInfo(const ExecPlugin& plugin, const ClusterConnection& connection)
{
    core::JsonObject spec {{"interactive", false}};
    if (plugin.provideClusterInfo) {
        core::JsonObject cluster {{"server", connection.server}};
        if (!connection.tlsServerName.empty())
            cluster["tls-server-name"] = connection.tlsServerName;
        if (connection.insecureSkipTlsVerify)
            cluster["insecure-skip-tls-verify"] = true;
        if (!connection.caPem.empty())
            cluster["certificate-authority-data"] = core::base64Encode(connection.caPem);
        if (!connection.proxyUrl.isEmpty())
            cluster["proxy-url"] = connection.proxyUrl.reveal();
        if (connection.disableCompression)
            cluster["disable-compression"] = true;
        cluster["config"] = nullptr;
        spec["cluster"] = std::move(cluster);
    }
    return core::toText(core::JsonObject {
        {"kind", "ExecCredential"}, {"apiVersion", plugin.apiVersion}, {"spec", std::move(spec)}});
}

/// A plugin's complaint for people: its last line, with nothing in it that could be a token.
std::string complaintOf(const std::string& errors)
{
    std::string_view last;
    for (const std::string_view line : core::split(errors, '\n'))
        if (!core::trimmed(line).empty())
            last = core::trimmed(line);
    std::string out;
    for (const std::string_view word : core::split(last.substr(0, 400), ' '))
        out += (out.empty() ? "" : " ") + (word.size() > 60 ? "…" : core::sanitised(word));
    return out;
}

bool isPem(const core::Secret& secret, std::string_view mark)
{
    return secret.reveal().find(mark) != std::string::npos;
}

} // namespace

core::Result<void> checkPlugin(const ExecPlugin& plugin)
{
    const auto invalid = [&plugin](std::string what) {
        return core::failure(core::ErrorCode::Invalid, std::move(what), plugin.place,
                             core::Fault::User);
    };
    if (plugin.command.empty())
        return invalid("exec has no command");
    const bool isV1 = plugin.apiVersion == std::string(kGroup) + "v1";
    if (!isV1 && plugin.apiVersion != std::string(kGroup) + "v1beta1")
        return invalid("exec has the apiVersion \"" + core::sanitised(plugin.apiVersion)
                       + "\"; v1 and v1beta1 of client.authentication.k8s.io are known");
    const std::string& mode = plugin.interactiveMode;
    if (mode.empty() && isV1)
        return invalid("exec has no interactiveMode, which v1 asks for");
    if (!mode.empty() && mode != "Never" && mode != "IfAvailable" && mode != "Always")
        return invalid("exec's interactiveMode must be Never, IfAvailable or Always");
    if (mode == "Always")
        return core::failure(core::ErrorCode::Unsupported,
                             nameOf(plugin)
                                 + " asks for a person at a terminal (interactiveMode: Always), "
                                   "which Wavewright has none of",
                             plugin.place, core::Fault::User);
    for (const auto& [name, value] : plugin.environment)
        if (name.empty() || name.find('=') != std::string::npos)
            return invalid("a name in exec's env is empty or has a \"=\" in it");
    return {};
}

core::Result<ExecCredential> readExecCredential(const std::string& text, const ExecPlugin& plugin)
{
    const auto unusable = [&plugin](const std::string& what) {
        return refused(plugin, core::ErrorCode::Unauthorized, what);
    };
    const auto value = core::parseJson(text, {.bytes = 4u << 20, .depth = 20});
    if (!value || core::stringAt(*value, {"kind"}) != "ExecCredential")
        return unusable("printed no ExecCredential");
    if (const auto said = core::stringAt(*value, {"apiVersion"}); said != plugin.apiVersion)
        return unusable("answered in the apiVersion \"" + core::sanitised(said.substr(0, 100))
                        + "\" instead of " + plugin.apiVersion);
    ExecCredential out;
    out.token = core::Secret(std::string(core::stringAt(*value, {"status", "token"})));
    out.certificatePem =
        core::Secret(std::string(core::stringAt(*value, {"status", "clientCertificateData"})));
    out.keyPem = core::Secret(std::string(core::stringAt(*value, {"status", "clientKeyData"})));
    if (out.certificatePem.isEmpty() != out.keyPem.isEmpty())
        return unusable("gave a certificate without a key, or a key without a certificate");
    if (!out.keyPem.isEmpty()
        && (!isPem(out.certificatePem, "-----BEGIN CERTIFICATE-----")
            || !isPem(out.keyPem, "PRIVATE KEY-----")))
        return unusable("gave a certificate or key that is no PEM text");
    if (out.token.isEmpty() && out.keyPem.isEmpty())
        return unusable("gave neither a token nor a certificate");
    const std::string& token = out.token.reveal();
    if (std::ranges::any_of(token, [](unsigned char c) { return c <= ' ' || c == 0x7f; }))
        return unusable("gave a token with blanks or line ends in it");
    if (const auto expires = core::stringAt(*value, {"status", "expirationTimestamp"});
        !expires.empty()) {
        const auto time = core::parseRfc3339(expires);
        if (!time)
            return unusable("gave an expirationTimestamp that is no time");
        out.expiresAt = *time;
    }
    return out;
}

core::Result<ExecCredential> runPlugin(const ExecPlugin& plugin,
                                       const ClusterConnection& connection,
                                       const ExecLimits& limits, const std::atomic<bool>& isStopped)
{
    if (auto checked = checkPlugin(plugin); !checked)
        return std::unexpected(std::move(checked.error()));
    ChildProcess::Order order;
    order.words = {plugin.command};
    order.words.insert(order.words.end(), plugin.arguments.begin(), plugin.arguments.end());
    order.environment = plugin.environment;
    order.environment.emplace_back("KUBERNETES_EXEC_INFO",
                                   core::Secret(execInfo(plugin, connection)));
    order.time = limits.time;
    order.output = limits.output;
    auto ended = ChildProcess::run(order, isStopped);
    switch (ended.how) {
    case ChildProcess::How::NotStarted:
        return refused(plugin, core::ErrorCode::Unsupported,
                       "cannot be started: " + ended.reason
                           + (plugin.installHint.empty()
                                  ? ""
                                  : ". " + core::sanitised(plugin.installHint.substr(0, 1000))));
    case ChildProcess::How::TimedOut:
        return refused(plugin, core::ErrorCode::Timeout, "took too long and was stopped");
    case ChildProcess::How::SaidTooMuch:
        return refused(plugin, core::ErrorCode::LimitExceeded,
                       "printed more than a credential has and was stopped");
    case ChildProcess::How::Stopped:
        return refused(plugin, core::ErrorCode::Cancelled, "was stopped");
    case ChildProcess::How::Ended:
        break;
    }
    if (ended.exitCode != 0) {
        const std::string complaint = complaintOf(ended.errors);
        return refused(plugin, core::ErrorCode::Unauthorized,
                       "failed with exit code " + std::to_string(ended.exitCode)
                           + (complaint.empty() ? "" : ": " + complaint));
    }
    auto credential = readExecCredential(ended.output, plugin);
    const core::Secret wiped(std::move(ended.output)); // overwritten when it goes
    return credential;
}

} // namespace gitops
