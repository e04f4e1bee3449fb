// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/librdkafkaclient.h"

#include "gitops/telemetry/kafkaproblem.h"

#include <algorithm>
#include <librdkafka/rdkafka.h>
#include <mutex>
#include <netdb.h>
#include <set>

namespace gitops {

namespace {

constexpr std::int64_t kEnd = -1; // ListOffsets: the high watermark
constexpr std::size_t kMessageBytes = 512;
/// librdkafka looks every answer up from the list's begin: ten thousand at once take it seconds.
constexpr std::size_t kChunk = 500;

template<auto destroy>
struct Destroy
{
    template<class T>
    void operator()(T* pointer) const
    {
        destroy(pointer);
    }
};
using ConfPtr = std::unique_ptr<rd_kafka_conf_t, Destroy<rd_kafka_conf_destroy>>;
using ListPtr = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                Destroy<rd_kafka_topic_partition_list_destroy>>;
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, Destroy<rd_kafka_queue_destroy>>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, Destroy<rd_kafka_event_destroy>>;
using OptionsPtr = std::unique_ptr<rd_kafka_AdminOptions_t, Destroy<rd_kafka_AdminOptions_destroy>>;

core::Error kafkaError(rd_kafka_resp_err_t code, std::string message)
{
    core::ErrorCode ours = core::ErrorCode::Unavailable;
    if (code == RD_KAFKA_RESP_ERR__TIMED_OUT)
        ours = core::ErrorCode::Timeout;
    else if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION)
        ours = core::ErrorCode::Unauthorized;
    else if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED
             || code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED
             || code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
        ours = core::ErrorCode::Forbidden;
    else if (code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__RESOLVE
             || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        ours = core::ErrorCode::Network;
    return {ours, std::move(message), {}, core::Fault::Cluster, {}};
}

} // namespace

struct LibrdkafkaClient::Private
{
    std::chrono::milliseconds timeout;
    std::map<std::string, std::string> addresses;
    rd_kafka_t* handle = nullptr;
    QueuePtr queue;
    std::vector<ListPtr> chosen; ///< of kChunk partitions each

    std::mutex mutex;
    std::string lastProblem; ///< guarded by mutex: what librdkafka said last in its own threads
    int certificateError = 0; ///< guarded by mutex: why OpenSSL refuses a broker's certificate
    bool hasCertificate = false;
    std::set<std::string> unresolved; ///< guarded by mutex: hosts that have no address here

    ~Private()
    {
        chosen.clear();
        queue.reset();
        if (handle)
            rd_kafka_destroy(handle);
    }

    static void onError(rd_kafka_t*, int code, const char* reason, void* opaque)
    {
        if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || !reason)
            return; // the reason of the last one is what helps
        auto* self = static_cast<Private*>(opaque);
        const std::lock_guard lock(self->mutex);
        self->lastProblem = std::string(reason).substr(0, kMessageBytes);
    }

    /// Only listens: what OpenSSL refuses stays refused.
    static int onVerify(rd_kafka_t*, const char*, std::int32_t, int* error, int, const char*,
                        std::size_t, char*, std::size_t, void* opaque)
    {
        if (*error == 0)
            return 1;
        auto* self = static_cast<Private*>(opaque);
        const std::lock_guard lock(self->mutex);
        self->certificateError = *error;
        return 0;
    }

    static int onResolve(const char* node, const char* service, const addrinfo* hints,
                         addrinfo** out, void* opaque)
    {
        if (!node) { // librdkafka gives back what it got
            freeaddrinfo(*out);
            return 0;
        }
        auto* self = static_cast<Private*>(opaque);
        std::string host = node;
        std::string port = service ? service : "";
        if (const auto other = self->addresses.find(host + ":" + port);
            other != self->addresses.end()) {
            const std::size_t colon = other->second.rfind(':');
            host = other->second.substr(0, colon);
            port = colon == other->second.npos ? port : other->second.substr(colon + 1);
        }
        const int code = getaddrinfo(host.c_str(), port.c_str(), hints, out);
        if (code != 0) {
            const std::lock_guard lock(self->mutex);
            self->unresolved.insert(std::string(node) + ":" + (service ? service : ""));
        }
        return code;
    }

    core::Result<void> set(rd_kafka_conf_t* conf, const char* name, const std::string& value)
    {
        char message[256] = {};
        if (rd_kafka_conf_set(conf, name, value.c_str(), message, sizeof message)
            == RD_KAFKA_CONF_OK)
            return {};
        // Its messages quote the value: only the name is told.
        return core::failure(core::ErrorCode::Invalid,
                             std::string("librdkafka does not take the value of ") + name, {},
                             core::Fault::User);
    }

    core::Result<void> configure(rd_kafka_conf_t* conf, const KafkaConnection& connection);
    core::Error explain(rd_kafka_resp_err_t code);
    core::Result<EventPtr> wait(const char* what);
    /// A queue of its own for each question: an answer that comes late meets nobody.
    rd_kafka_queue_t* newQueue()
    {
        queue.reset(rd_kafka_queue_new(handle));
        return queue.get();
    }
    OptionsPtr options(rd_kafka_admin_op_t operation);
};

core::Result<void> LibrdkafkaClient::Private::configure(rd_kafka_conf_t* conf,
                                                        const KafkaConnection& connection)
{
    std::vector<std::pair<const char*, std::string>> settings {
        {"bootstrap.servers", connection.brokers},
        {"client.id", "wavewright"},
        {"enable.auto.commit", "false"},
        {"allow.auto.create.topics", "false"},
        {"isolation.level", "read_uncommitted"},
        {"log_level", "0"},
        {"socket.timeout.ms", std::to_string(connection.timeout.count())},
        {"socket.keepalive.enable", "true"},
        {"reconnect.backoff.max.ms", "2000"},
        {"topic.metadata.refresh.interval.ms", "-1"},
    };
    const bool sasl = !connection.mechanism.empty();
    settings.emplace_back("security.protocol",
                          std::string(sasl ? "sasl_" : "")
                              + (connection.tls ? "ssl" : "plaintext"));
    if (sasl) {
        settings.emplace_back("sasl.mechanisms", connection.mechanism);
        settings.emplace_back("sasl.username", connection.username);
    }
    if (connection.tls && !connection.caPem.empty())
        settings.emplace_back("ssl.ca.pem", connection.caPem);
    for (const auto& [name, value] : settings)
        if (auto done = set(conf, name, value); !done)
            return done;
    const std::pair<const char*, const core::Secret*> secrets[] = {
        {"sasl.password", sasl ? &connection.password : nullptr},
        {"ssl.certificate.pem", connection.tls ? &connection.certificatePem : nullptr},
        {"ssl.key.pem", connection.tls ? &connection.keyPem : nullptr},
    };
    for (const auto& [name, value] : secrets)
        if (value && !value->isEmpty())
            if (auto done = set(conf, name, value->reveal()); !done)
                return done;
    hasCertificate = connection.tls && !connection.certificatePem.isEmpty();
    rd_kafka_conf_set_opaque(conf, this);
    if (connection.tls)
        rd_kafka_conf_set_ssl_cert_verify_cb(conf, &Private::onVerify);
    rd_kafka_conf_set_error_cb(conf, &Private::onError);
    rd_kafka_conf_set_resolve_cb(conf, &Private::onResolve);
    return {};
}

core::Result<std::unique_ptr<LibrdkafkaClient>>
LibrdkafkaClient::make(const KafkaConnection& connection)
{
    auto p = std::make_unique<Private>();
    p->timeout = connection.timeout;
    p->addresses = connection.addresses;
    ConfPtr conf(rd_kafka_conf_new());
    if (auto done = p->configure(conf.get(), connection); !done)
        return std::unexpected(std::move(done.error()));
    char message[512] = {};
    p->handle = rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), message, sizeof message);
    if (!p->handle)
        return core::failure(core::ErrorCode::Invalid,
                             std::string("librdkafka cannot begin: ") + message, {},
                             core::Fault::User);
    (void)conf.release(); // the handle's now
    return std::unique_ptr<LibrdkafkaClient>(new LibrdkafkaClient(std::move(p)));
}

LibrdkafkaClient::LibrdkafkaClient(std::unique_ptr<Private> p)
    : d(std::move(p))
{
}

LibrdkafkaClient::~LibrdkafkaClient() = default;

core::Error LibrdkafkaClient::Private::explain(rd_kafka_resp_err_t code)
{
    rd_kafka_poll(handle, 0); // error callbacks
    const std::lock_guard lock(mutex);
    if (!unresolved.empty())
        return kafkaError(RD_KAFKA_RESP_ERR__RESOLVE,
                          "the brokers advertise " + *unresolved.begin()
                              + ", which has no address here: a listener that is reachable from "
                                "outside the cluster is missing, or a forwarded port in "
                                "telemetry.kafka.addresses");
    if (!lastProblem.empty() || certificateError != 0)
        return kafkaProblem(lastProblem, certificateError, hasCertificate);
    return kafkaError(code, rd_kafka_err2str(code));
}

core::Result<KafkaMetadata> LibrdkafkaClient::metadata()
{
    {
        const std::lock_guard lock(d->mutex);
        d->unresolved.clear();
        d->lastProblem.clear();
        d->certificateError = 0;
    }
    const rd_kafka_metadata_t* answer = nullptr;
    const auto code = rd_kafka_metadata(d->handle, 1, nullptr, &answer, int(d->timeout.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return std::unexpected(d->explain(code));
    const std::unique_ptr<const rd_kafka_metadata_t, Destroy<rd_kafka_metadata_destroy>> owner(
        answer);
    KafkaMetadata out;
    for (int i = 0; i < answer->broker_cnt; ++i)
        out.brokers.push_back(std::string(answer->brokers[i].host) + ":"
                              + std::to_string(answer->brokers[i].port));
    out.topics.reserve(std::size_t(answer->topic_cnt));
    for (int i = 0; i < answer->topic_cnt; ++i) {
        const rd_kafka_metadata_topic_t& topic = answer->topics[i];
        KafkaMetadata::Topic& known = out.topics.emplace_back();
        known.name = topic.topic;
        if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            known.error = rd_kafka_err2str(topic.err);
        for (int j = 0; j < topic.partition_cnt; ++j)
            known.partitions.push_back({topic.partitions[j].id, topic.partitions[j].leader,
                                        std::size_t(topic.partitions[j].replica_cnt)});
        std::ranges::sort(known.partitions, {}, &KafkaMetadata::Partition::id);
    }
    std::ranges::sort(out.topics, {}, &KafkaMetadata::Topic::name);
    return out;
}

void LibrdkafkaClient::choose(const std::vector<std::string>& topics,
                              const std::vector<KafkaPartitionRef>& partitions)
{
    d->chosen.clear();
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        if (i % kChunk == 0)
            d->chosen.emplace_back(
                rd_kafka_topic_partition_list_new(int(std::min(kChunk, partitions.size() - i))));
        rd_kafka_topic_partition_list_add(
            d->chosen.back().get(), topics[partitions[i].topic].c_str(), partitions[i].partition);
    }
}

core::Result<std::vector<std::int64_t>> LibrdkafkaClient::endOffsets()
{
    std::vector<std::int64_t> out;
    out.reserve(d->chosen.size() * kChunk);
    for (const ListPtr& list : d->chosen) {
        for (int i = 0; i < list->cnt; ++i) {
            list->elems[i].offset = kEnd;
            list->elems[i].err = RD_KAFKA_RESP_ERR_NO_ERROR;
        }
        const auto code =
            rd_kafka_offsets_for_times(d->handle, list.get(), int(d->timeout.count()));
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return std::unexpected(d->explain(code));
        for (int i = 0; i < list->cnt; ++i) {
            const rd_kafka_topic_partition_t& each = list->elems[i];
            const bool isKnown = each.err == RD_KAFKA_RESP_ERR_NO_ERROR && each.offset >= 0;
            out.push_back(isKnown ? each.offset : kUnknownOffset);
        }
    }
    return out;
}

OptionsPtr LibrdkafkaClient::Private::options(rd_kafka_admin_op_t operation)
{
    OptionsPtr out(rd_kafka_AdminOptions_new(handle, operation));
    char message[256] = {};
    rd_kafka_AdminOptions_set_request_timeout(out.get(), int(timeout.count()), message,
                                              sizeof message);
    return out;
}

core::Result<EventPtr> LibrdkafkaClient::Private::wait(const char* what)
{
    EventPtr event(rd_kafka_queue_poll(queue.get(), int(timeout.count()) + 500));
    if (!event)
        return core::failure(core::ErrorCode::Timeout, std::string(what) + " was not answered");
    if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return std::unexpected(
            kafkaError(code, std::string(what) + ": " + rd_kafka_event_error_string(event.get())));
    return event;
}

core::Result<std::vector<KafkaGroup>> LibrdkafkaClient::groups()
{
    rd_kafka_ListConsumerGroups(d->handle, d->options(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS).get(),
                                d->newQueue());
    const auto listed = d->wait("the list of consumer groups");
    if (!listed)
        return std::unexpected(listed.error());
    const auto* list = rd_kafka_event_ListConsumerGroups_result(listed->get());
    if (!list)
        return core::failure(core::ErrorCode::Internal, "no list of consumer groups came");
    std::size_t count = 0;
    const auto** valid = rd_kafka_ListConsumerGroups_result_valid(list, &count);
    std::vector<KafkaGroup> out(count);
    std::vector<const char*> names(count);
    for (std::size_t i = 0; i < count; ++i) {
        names[i] = rd_kafka_ConsumerGroupListing_group_id(valid[i]);
        out[i].id = names[i];
    }
    std::size_t problems = 0;
    const auto** errors = rd_kafka_ListConsumerGroups_result_errors(list, &problems);
    if (problems > 0 && count == 0)
        return std::unexpected(
            kafkaError(rd_kafka_error_code(errors[0]), rd_kafka_error_string(errors[0])));
    if (count == 0)
        return out;
    rd_kafka_DescribeConsumerGroups(d->handle, names.data(), count,
                                    d->options(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS).get(),
                                    d->newQueue());
    const auto described = d->wait("the description of consumer groups");
    const auto* result =
        described ? rd_kafka_event_DescribeConsumerGroups_result(described->get()) : nullptr;
    if (!result)
        return out; // their names are known
    std::size_t known = 0;
    const auto** groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &known);
    for (std::size_t i = 0; i < known; ++i) {
        const auto found = std::ranges::find(
            out, rd_kafka_ConsumerGroupDescription_group_id(groups[i]), &KafkaGroup::id);
        if (found == out.end() || rd_kafka_ConsumerGroupDescription_error(groups[i]))
            continue;
        found->state =
            rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(groups[i]));
        for (std::size_t m = 0; m < rd_kafka_ConsumerGroupDescription_member_count(groups[i]);
             ++m) {
            const auto* member = rd_kafka_ConsumerGroupDescription_member(groups[i], m);
            const char* client = rd_kafka_MemberDescription_client_id(member);
            const char* host = rd_kafka_MemberDescription_host(member);
            found->clients.push_back(std::string(client ? client : "") + "@" + (host ? host : ""));
        }
    }
    return out;
}

core::Result<std::vector<KafkaCommit>> LibrdkafkaClient::commits(const std::string& group)
{
    auto* request = rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr);
    rd_kafka_ListConsumerGroupOffsets(d->handle, &request, 1,
                                      d->options(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS).get(),
                                      d->queue.get());
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
    const auto event = d->wait("the offsets of a consumer group");
    if (!event)
        return std::unexpected(event.error());
    const auto* result = rd_kafka_event_ListConsumerGroupOffsets_result(event->get());
    std::size_t count = 0;
    const auto** groups =
        result ? rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count) : nullptr;
    if (count == 0)
        return core::failure(core::ErrorCode::Internal, "no offsets of the group came");
    if (const auto* error = rd_kafka_group_result_error(groups[0]))
        return std::unexpected(
            kafkaError(rd_kafka_error_code(error), rd_kafka_error_string(error)));
    std::vector<KafkaCommit> out;
    const auto* partitions = rd_kafka_group_result_partitions(groups[0]);
    for (int i = 0; partitions && i < partitions->cnt; ++i) {
        const rd_kafka_topic_partition_t& each = partitions->elems[i];
        if (each.err == RD_KAFKA_RESP_ERR_NO_ERROR && each.offset >= 0)
            out.push_back({each.topic, each.partition, each.offset});
    }
    return out;
}

} // namespace gitops
