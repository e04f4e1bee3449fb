// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/clusterresolver.h"

#include "core/base/strings.h"
#include "gitops/cluster/smallfile.h"

#include <algorithm>

namespace gitops {

namespace {

std::unexpected<core::Error> refused(std::string message, const core::Place& place)
{
    return core::failure(core::ErrorCode::Invalid, std::move(message), place, core::Fault::User);
}

bool hasControlOrBlank(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

bool hasControl(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < ' ' || byte == 0x7f;
    });
}

std::string inQuotes(std::string_view text)
{
    return "\"" + core::sanitised(text) + "\"";
}

/// Host and port of a URL without its scheme: "host:6443", "[::1]:6443", "host".
bool isPlausibleAuthority(std::string_view authority)
{
    std::string_view port;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos || end < 3)
            return false;
        port = authority.substr(end + 1);
        const std::string_view address = authority.substr(1, end - 1);
        if (address.find_first_not_of("0123456789abcdefABCDEF:.%") != std::string_view::npos)
            return false;
    } else {
        const auto colon = authority.find(':');
        const std::string_view host = authority.substr(0, colon);
        if (host.empty() || host.find_first_of("[]<>\\\"^`{|}%#") != std::string_view::npos)
            return false;
        port = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
    }
    if (port.empty())
        return true;
    const std::string digits(port.substr(1));
    return port.front() == ':' && !digits.empty() && digits.size() <= 5
        && digits.find_first_not_of("0123456789") == std::string::npos && std::stoi(digits) > 0
        && std::stoi(digits) < 65536;
}

} // namespace

core::Result<std::string> checkedServerUrl(std::string_view url, const core::Place& place)
{
    if (url.empty())
        return refused("the cluster has no server", place);
    if (hasControlOrBlank(url))
        return refused("the server's URL has blanks or control characters in it", place);
    const bool secure = url.starts_with("https://");
    if (!secure && !url.starts_with("http://"))
        return refused("the server's URL must start with https:// (or http://)", place);
    const std::string_view scheme = secure ? "https://" : "http://";
    std::string_view rest = url.substr(scheme.size());
    rest = rest.substr(0, rest.find_first_of("?#"));
    const std::string_view authority = rest.substr(0, rest.find('/'));
    if (authority.find('@') != std::string_view::npos)
        return refused("the server's URL holds a user or password; put them into the user's entry",
                       place);
    if (!isPlausibleAuthority(authority))
        return refused("the server's URL has no usable host and port", place);
    while (rest.ends_with('/'))
        rest.remove_suffix(1);
    return std::string(scheme) + std::string(rest);
}

core::Result<ClusterConnection> ClusterResolver::resolve(const KubeconfigContext& context,
                                                         const KubeconfigCluster& cluster,
                                                         const KubeconfigUser* user)
{
    m_out = {};
    m_out.context = context.name;
    m_out.cluster = context.cluster;
    m_out.user = context.user;
    if (!context.namespaceName.empty())
        m_out.defaultNamespace = context.namespaceName;
    m_out.disableCompression = cluster.disableCompression;
    for (const auto& step :
         {&ClusterResolver::takeServer, &ClusterResolver::takeTrust, &ClusterResolver::takeProxy})
        if (Check check = (this->*step)(cluster); !check)
            return std::unexpected(std::move(check.error()));
    if (!user)
        return std::move(m_out);
    if (!m_out.isSecure()) {
        m_out.warnings.push_back("The server " + core::sanitised(m_out.server)
                                 + " is reached without TLS: no credentials are sent to it.");
        return std::move(m_out);
    }
    for (const auto& step : {&ClusterResolver::takePlugin, &ClusterResolver::takeCertificate,
                             &ClusterResolver::takeToken, &ClusterResolver::takePassword,
                             &ClusterResolver::takeImpersonation})
        if (Check check = (this->*step)(*user); !check)
            return std::unexpected(std::move(check.error()));
    return std::move(m_out);
}

core::Result<std::string> ClusterResolver::bytesOf(const std::string& data, const std::string& file,
                                                   const char* name, const core::Place& place)
{
    if (!data.empty()) {
        auto bytes = core::base64Decode(data);
        if (!bytes || bytes->empty())
            return refused(std::string(name) + "-data is no base64", place);
        return std::move(*bytes);
    }
    if (file.empty())
        return std::string();
    auto bytes = readSmallFile(file);
    if (!bytes)
        return std::unexpected(std::move(bytes.error()).within(name));
    m_out.files.push_back(file);
    return bytes;
}

ClusterResolver::Check ClusterResolver::takeServer(const KubeconfigCluster& cluster)
{
    auto server = checkedServerUrl(cluster.server, cluster.place);
    if (!server)
        return std::unexpected(std::move(server.error()));
    m_out.server = std::move(*server);
    return {};
}

ClusterResolver::Check ClusterResolver::takeTrust(const KubeconfigCluster& cluster)
{
    const bool hasCa = !cluster.caData.empty() || !cluster.caFile.empty();
    if (cluster.insecureSkipTlsVerify && hasCa)
        return refused("insecure-skip-tls-verify and a certificate authority contradict each "
                       "other: remove one of them",
                       cluster.place);
    if (hasControlOrBlank(cluster.tlsServerName))
        return refused("tls-server-name has blanks or control characters in it", cluster.place);
    m_out.insecureSkipTlsVerify = cluster.insecureSkipTlsVerify;
    m_out.tlsServerName = cluster.tlsServerName;
    if (m_out.insecureSkipTlsVerify && m_out.isSecure())
        m_out.warnings.push_back("The certificate of " + core::sanitised(m_out.server)
                                 + " is not verified (insecure-skip-tls-verify).");
    auto pem = bytesOf(cluster.caData, cluster.caFile, "certificate-authority", cluster.place);
    if (!pem)
        return std::unexpected(std::move(pem.error()));
    if (!pem->empty() && pem->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
        return refused("certificate-authority holds no PEM certificate", cluster.place);
    m_out.caPem = std::move(*pem);
    return {};
}

ClusterResolver::Check ClusterResolver::takeProxy(const KubeconfigCluster& cluster)
{
    const std::string& url = cluster.proxyUrl.reveal();
    if (url.empty())
        return {};
    if (hasControlOrBlank(url)
        || (!url.starts_with("http://") && !url.starts_with("https://")
            && !url.starts_with("socks5://")))
        return refused("proxy-url must be an http, https or socks5 URL", cluster.place);
    m_out.proxyUrl = cluster.proxyUrl;
    return {};
}

ClusterResolver::Check ClusterResolver::takePlugin(const KubeconfigUser& user)
{
    if (user.exec && user.authProvider)
        return refused("exec and auth-provider are both set: remove one of them", user.place);
    if (user.exec) {
        if (auto checked = checkPlugin(*user.exec); !checked)
            return checked;
        m_out.exec = std::make_shared<const ExecPlugin>(*user.exec);
    }
    if (user.authProvider)
        return core::failure(core::ErrorCode::Unsupported,
                             "user " + inQuotes(m_out.user) + " uses the auth-provider "
                                 + inQuotes(*user.authProvider)
                                 + ", which Wavewright does not know; use a token or a client "
                                   "certificate",
                             user.place, core::Fault::User);
    return {};
}

ClusterResolver::Check ClusterResolver::takeCertificate(const KubeconfigUser& user)
{
    const bool hasCertificate = !user.certificateData.isEmpty() || !user.certificateFile.empty();
    const bool hasKey = !user.keyData.isEmpty() || !user.keyFile.empty();
    if (hasCertificate != hasKey)
        return refused(hasKey ? "client-key is set without client-certificate"
                              : "client-certificate is set without client-key",
                       user.place);
    auto certificate = bytesOf(user.certificateData.reveal(), user.certificateFile,
                               "client-certificate", user.place);
    if (!certificate)
        return std::unexpected(std::move(certificate.error()));
    auto key = bytesOf(user.keyData.reveal(), user.keyFile, "client-key", user.place);
    if (!key)
        return std::unexpected(std::move(key.error()));
    if (!certificate->empty()
        && certificate->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
        return refused("client-certificate holds no PEM certificate", user.place);
    if (!key->empty() && key->find("PRIVATE KEY-----") == std::string::npos)
        return refused("client-key holds no PEM key", user.place);
    m_out.clientCertificatePem = core::Secret(std::move(*certificate));
    m_out.clientKeyPem = core::Secret(std::move(*key));
    return {};
}

ClusterResolver::Check ClusterResolver::takeToken(const KubeconfigUser& user)
{
    m_out.token = core::Secret(std::string(core::trimmed(user.token.reveal())));
    m_out.tokenFile = user.tokenFile;
    if (m_out.token.isEmpty() && !user.tokenFile.empty()) {
        auto text = readSmallFile(user.tokenFile, 1u << 20);
        if (!text)
            return std::unexpected(std::move(text.error()).within("tokenFile"));
        m_out.token = core::Secret(std::string(core::trimmed(*text)));
        if (m_out.token.isEmpty())
            return refused("the token file is empty", {.file = user.tokenFile});
    }
    if (hasControlOrBlank(m_out.token.reveal()))
        return refused("the token has blanks or line ends in it", user.place);
    return {};
}

ClusterResolver::Check ClusterResolver::takePassword(const KubeconfigUser& user)
{
    const bool hasPassword = !user.username.empty() || !user.password.isEmpty();
    if (hasPassword && !m_out.token.isEmpty())
        return refused("more than one way to authenticate is set: remove the token or the user "
                       "name and password",
                       user.place);
    if (user.username.find(':') != std::string::npos || hasControl(user.username)
        || hasControl(user.password.reveal()))
        return refused("the user name or password has characters that HTTP cannot carry",
                       user.place);
    m_out.username = user.username;
    m_out.password = user.password;
    return {};
}

ClusterResolver::Check ClusterResolver::takeImpersonation(const KubeconfigUser& user)
{
    const Impersonation& wanted = user.impersonation;
    const bool hasMore = !wanted.uid.empty() || !wanted.groups.empty() || !wanted.extra.empty();
    if (wanted.user.empty() && (user.impersonates || hasMore))
        return refused("impersonation is asked for without a user: set \"as\" or remove the as-… "
                       "entries",
                       user.place);
    bool isClean = !hasControl(wanted.user) && !hasControl(wanted.uid);
    for (const std::string& group : wanted.groups)
        isClean = isClean && !group.empty() && !hasControl(group);
    for (const auto& [key, values] : wanted.extra)
        for (const std::string& value : values)
            isClean = isClean && !key.empty() && !hasControl(value);
    if (!isClean)
        return refused("an as-… entry is empty or has control characters in it", user.place);
    m_out.impersonation = wanted;
    return {};
}

} // namespace gitops
