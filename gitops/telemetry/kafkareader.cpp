// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/kafkareader.h"

#include "core/base/strings.h"
#include "core/value/json.h"
#include "gitops/cluster/smallfile.h"
#include "gitops/telemetry/librdkafkaclient.h"

#include <future>

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

core::Result<SecretData> readSecret(Transport& cluster, const std::string& name)
{
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
    cluster.send(std::move(request), [promise](core::Result<core::HttpResponse> response) {
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

} // namespace

core::Result<std::unique_ptr<KafkaClient>> connectKafka(const KafkaAccess& access,
                                                        Transport* cluster)
{
    KafkaConnection connection;
    connection.brokers = access.brokers;
    connection.tls = access.tls;
    connection.mechanism = access.mechanism;
    connection.username = access.username;
    connection.addresses = access.addresses;
    auto ca = fileText(access.caFile);
    auto certificate = fileText(access.certificateFile);
    auto key = fileText(access.keyFile);
    auto password = fileText(access.passwordFile);
    for (auto* text : {&ca, &certificate, &key, &password})
        if (!*text)
            return std::unexpected(text->error());
    connection.caPem = std::move(*ca);
    connection.certificatePem = core::Secret(std::move(*certificate));
    connection.keyPem = core::Secret(std::move(*key));
    connection.password = core::Secret(std::string(core::trimmed(*password)));
    if (!access.secret.empty()) {
        if (!cluster)
            return core::failure(core::ErrorCode::Invalid,
                                 "telemetry.kafka.secret needs a cluster to read it from", {},
                                 core::Fault::User);
        const auto data = readSecret(*cluster, access.secret);
        if (!data)
            return std::unexpected(data.error());
        takeSecret(*data, access.secret, connection);
    }
    auto client = LibrdkafkaClient::make(connection);
    if (!client)
        return std::unexpected(std::move(client.error()));
    return std::unique_ptr<KafkaClient>(std::move(*client));
}

/// What the pool works with: one task at a time.
struct KafkaReader::Work
{
    ClientFactory factory;
    const core::Clock& clock;
    KafkaSampler sampler;
    std::unique_ptr<KafkaClient> client;

    Reading look(const Subjects& subjects)
    {
        if (!client) {
            auto made = factory();
            if (!made)
                return Reading::failed(clock.wallNow(), made.error().text());
            client = std::move(*made);
        }
        Reading reading = sampler.sample(*client, subjects);
        if (reading.state == core::TelemetrySource::State::Failed)
            client.reset();
        return reading;
    }
};

std::string KafkaReader::nameOf(const KafkaAccess& access)
{
    return "Kafka " + (access.cluster.empty() ? access.brokers : access.cluster);
}

KafkaReader::KafkaReader(const KafkaAccess& access, ClientFactory factory, core::WorkPool& pool,
                         const core::Clock& clock, std::chrono::milliseconds interval)
    : m_name(nameOf(access))
    , m_interval(interval)
    , m_pool(pool)
{
    KafkaSampler::Options options;
    options.source = m_name;
    options.cluster = access.cluster;
    // A question for each group is much: seldom, unless somebody waits for the second look.
    options.groupInterval = interval < kInterval ? interval : 3 * interval;
    for (const std::string_view each : core::split(access.brokers, ','))
        options.bootstrap.emplace_back(core::trimmed(each));
    m_work = std::make_shared<Work>(
        Work {std::move(factory), clock, KafkaSampler(std::move(options), clock), nullptr});
}

void KafkaReader::read(SubjectsPtr subjects, Handler done)
{
    m_pool.run([work = m_work, subjects = std::move(subjects), done = std::move(done)] {
        done(work->look(*subjects));
    });
}

} // namespace gitops
