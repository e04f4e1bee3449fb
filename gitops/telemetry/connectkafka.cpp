// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/connectkafka.h"

#include "core/base/strings.h"
#include "core/value/json.h"
#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/smallfile.h"
#include "gitops/telemetry/forwardedkafka.h"
#include "gitops/telemetry/librdkafkaclient.h"

#include <future>
#include <netdb.h>

namespace gitops {

namespace {

constexpr std::chrono::seconds kPatience {5};

core::Result<std::string> fileText(const std::string& path)
{
    if (path.empty())
        return std::string();
    return readSmallFile(path);
}

/// data of a Secret, decoded.
using SecretData = std::map<std::string, core::Secret>;

core::Result<SecretData> readSecret(Transport* cluster, const std::string& name)
{
    if (!cluster)
        return core::failure(core::ErrorCode::Invalid,
                             "telemetry.kafka.secret needs a cluster to read it from", {},
                             core::Fault::User);
    const std::size_t slash = name.find('/');
    if (slash == name.npos)
        return core::failure(core::ErrorCode::Invalid,
                             "telemetry.kafka.secret must be NAMESPACE/NAME", {},
                             core::Fault::User);
    core::HttpRequest request;
    request.target = "/api/v1/namespaces/" + core::percentEncode(name.substr(0, slash))
        + "/secrets/" + core::percentEncode(name.substr(slash + 1));
    request.timeout = kPatience;
    auto promise = std::make_shared<std::promise<core::Result<core::HttpResponse>>>();
    auto answer = promise->get_future();
    cluster->send(std::move(request), [promise](core::Result<core::HttpResponse> response) {
        promise->set_value(std::move(response));
    });
    const auto response = answer.get();
    if (!response)
        return std::unexpected(response.error());
    if (response->status != 200)
        return core::failure(core::ErrorCode::Forbidden,
                             "the Secret " + name + " could not be read: HTTP "
                                 + std::to_string(response->status));
    const auto value = core::parseJson(response->body);
    const core::Json* data = value ? core::find(*value, "data") : nullptr;
    if (!data || !data->is_object())
        return core::failure(core::ErrorCode::Invalid, "the Secret " + name + " holds nothing");
    SecretData out;
    for (const auto& [key, text] : data->get_object())
        if (text.is_string())
            if (auto decoded = core::base64Decode(std::string_view(text.get_string())))
                out.emplace(std::string(key), core::Secret(std::move(*decoded)));
    return out;
}

/// What Strimzi puts into a KafkaUser's Secret: "password", or "user.crt" and "user.key".
void takeSecret(const SecretData& data, const std::string& name, KafkaConnection& to)
{
    const auto value = [&](const char* key) {
        const auto found = data.find(key);
        return found == data.end() ? core::Secret() : found->second;
    };
    if (to.certificatePem.isEmpty()) {
        to.certificatePem = value("user.crt");
        to.keyPem = value("user.key");
    }
    if (to.password.isEmpty())
        to.password = value("password");
    if (to.caPem.empty())
        to.caPem = value("ca.crt").reveal();
    if (!to.password.isEmpty() && to.mechanism.empty())
        to.mechanism = "SCRAM-SHA-512";
    if (to.username.empty())
        to.username = name.substr(name.find('/') + 1);
}

core::Result<void> readFiles(const KafkaAccess& access, KafkaConnection& to)
{
    auto ca = fileText(access.caFile);
    auto certificate = fileText(access.certificateFile);
    auto key = fileText(access.keyFile);
    auto password = fileText(access.passwordFile);
    for (auto* text : {&ca, &certificate, &key, &password})
        if (!*text)
            return std::unexpected(text->error());
    to.caPem = std::move(*ca);
    to.certificatePem = core::Secret(std::move(*certificate));
    to.keyPem = core::Secret(std::move(*key));
    to.password = core::Secret(std::string(core::trimmed(*password)));
    return {};
}

core::Result<KafkaConnection> connectionOf(const KafkaAccess& access, Transport* cluster)
{
    KafkaConnection out;
    out.brokers = access.brokers;
    out.tls = access.tls;
    out.mechanism = access.mechanism;
    out.username = access.username;
    out.addresses = access.addresses;
    if (auto done = readFiles(access, out); !done)
        return std::unexpected(std::move(done.error()));
    if (out.tls && out.caPem.empty() && !access.caSecret.empty()) {
        const auto data = readSecret(cluster, access.caSecret);
        if (!data)
            return std::unexpected(data.error());
        if (const auto found = data->find("ca.crt"); found != data->end())
            out.caPem = found->second.reveal();
    }
    if (!access.secret.empty()) {
        const auto data = readSecret(cluster, access.secret);
        if (!data)
            return std::unexpected(data.error());
        takeSecret(*data, access.secret, out);
    }
    return out;
}

/// Inside of a cluster its names have addresses: nothing has to be forwarded.
bool hasAddressHere(const std::string& address)
{
    const std::string host = address.substr(0, address.rfind(':'));
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, nullptr, &found) != 0)
        return false;
    freeaddrinfo(found);
    return true;
}

core::Result<std::unique_ptr<KafkaClient>> clientOf(const KafkaConnection& connection)
{
    auto client = LibrdkafkaClient::make(connection);
    if (!client)
        return std::unexpected(std::move(client.error()));
    return std::unique_ptr<KafkaClient>(std::move(*client));
}

} // namespace

core::Result<std::unique_ptr<KafkaClient>> connectKafka(const KafkaAccess& access,
                                                        Transport* cluster)
{
    const auto connection = connectionOf(access, cluster);
    if (!connection)
        return std::unexpected(connection.error());
    return clientOf(*connection);
}

core::Result<std::unique_ptr<KafkaClient>> connectForwardedKafka(const KafkaAccess& access,
                                                                 const std::string& namespaceName,
                                                                 Transport* cluster,
                                                                 const AccessOpener& open)
{
    auto connection = connectionOf(access, cluster);
    if (!connection)
        return std::unexpected(std::move(connection.error()));
    if (hasAddressHere(access.brokers))
        return clientOf(*connection);
    auto opened = open();
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    return std::unique_ptr<KafkaClient>(std::make_unique<ForwardedKafka>(
        access.brokers, namespaceName, forwardedPorts(std::move(*opened)),
        [connection = std::move(*connection)](const std::map<std::string, std::string>& addresses) {
            KafkaConnection through = connection;
            through.addresses.insert(addresses.begin(), addresses.end());
            return clientOf(through);
        }));
}

} // namespace gitops
