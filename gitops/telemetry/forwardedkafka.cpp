// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/forwardedkafka.h"

#include "core/base/strings.h"
#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/portforwarder.h"

#include <algorithm>

namespace gitops {

namespace {

/// A forwarder for each: brokers come one after the other.
class ApiServerPorts : public ForwardedPorts
{
public:
    explicit ApiServerPorts(std::unique_ptr<ClusterAccess> access)
        : m_access(std::move(access))
    {
    }
    ~ApiServerPorts() override
    {
        m_access->stop();
        m_forwarders.clear(); // before what they use
    }

    core::Result<std::string> open(const PortForward& to) override
    {
        // Known at once, and with a reason: a client would only see a closed connection.
        if (const auto target = resolvePortForward(*m_access, to); !target)
            return std::unexpected(target.error());
        auto started = PortForwarder::start(*m_access, {to}, {}, [](const std::string&) { });
        if (!started)
            return std::unexpected(std::move(started.error()));
        m_forwarders.push_back(std::move(*started));
        return "127.0.0.1:" + std::to_string(m_forwarders.back()->states().front().localPort);
    }

private:
    std::unique_ptr<ClusterAccess> m_access;
    std::vector<std::unique_ptr<PortForwarder>> m_forwarders;
};

bool isAddressOfMachine(std::string_view host)
{
    return host.empty() || host.find(':') != host.npos
        || host.find_first_not_of("0123456789.") == host.npos;
}

} // namespace

std::unique_ptr<ForwardedPorts> forwardedPorts(std::unique_ptr<ClusterAccess> access)
{
    return std::make_unique<ApiServerPorts>(std::move(access));
}

std::optional<PortForward> forwardTo(const std::string& address, const std::string& namespaceName)
{
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos)
        return {};
    const std::string host = address.substr(0, colon);
    if (isAddressOfMachine(host))
        return {};
    const auto labels = core::split(host, '.');
    const auto is = [&](std::size_t at, std::string_view label) {
        return at < labels.size() && labels[at] == label;
    };
    PortForward out;
    out.name = labels.front();
    out.namespaceName = namespaceName;
    out.remotePort = address.substr(colon + 1);
    if (is(2, "svc")) { // service.namespace.svc
        out.namespaceName = labels[1];
    } else if (is(3, "svc")) { // pod.service.namespace.svc
        out.kind = PortForward::Kind::Pod;
        out.namespaceName = labels[2];
    } else if (labels.size() == 2 || labels.size() == 3) { // pod.service[.namespace]
        out.kind = PortForward::Kind::Pod;
        if (labels.size() == 3)
            out.namespaceName = labels[2];
    } else if (labels.size() != 1) {
        return {};
    }
    return out;
}

ForwardedKafka::ForwardedKafka(std::string bootstrap, std::string namespaceName,
                               std::unique_ptr<ForwardedPorts> ports, Connect connect)
    : m_bootstrap(std::move(bootstrap))
    , m_namespace(std::move(namespaceName))
    , m_ports(std::move(ports))
    , m_connect(std::move(connect))
{
}

core::Result<void> ForwardedKafka::forward(const std::string& address)
{
    const auto to = forwardTo(address, m_namespace);
    if (!to)
        return core::failure(core::ErrorCode::NotFound,
                             "the brokers advertise " + address
                                 + ", which is no pod or Service that a port could be forwarded "
                                   "to: a listener for the outside is missing, or an entry of "
                                   "telemetry.kafka.addresses",
                             {}, core::Fault::Cluster);
    auto opened = m_ports->open(*to);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    m_addresses[address] = std::move(*opened);
    return {};
}

core::Result<void> ForwardedKafka::reconnect()
{
    auto made = m_connect(m_addresses);
    if (!made)
        return std::unexpected(std::move(made.error()));
    m_client = std::move(*made);
    m_client->choose(m_topics, m_partitions);
    return {};
}

core::Result<void> ForwardedKafka::ready()
{
    if (m_client)
        return {};
    if (!m_addresses.contains(m_bootstrap))
        if (auto done = forward(m_bootstrap); !done)
            return done;
    return reconnect();
}

core::Result<KafkaMetadata> ForwardedKafka::metadata()
{
    if (auto done = ready(); !done)
        return std::unexpected(std::move(done.error()));
    auto told = m_client->metadata();
    if (!told)
        return told;
    bool isNew = false;
    for (const std::string& broker : told->brokers) {
        if (m_addresses.contains(broker))
            continue;
        if (auto done = forward(broker); !done)
            return std::unexpected(std::move(done.error()));
        isNew = true;
    }
    if (!isNew)
        return told;
    if (auto done = reconnect(); !done)
        return std::unexpected(std::move(done.error()));
    return m_client->metadata();
}

void ForwardedKafka::choose(const std::vector<std::string>& topics,
                            const std::vector<KafkaPartitionRef>& partitions)
{
    m_topics = topics;
    m_partitions = partitions;
    if (m_client)
        m_client->choose(topics, partitions);
}

core::Result<std::vector<std::int64_t>> ForwardedKafka::endOffsets()
{
    if (auto done = ready(); !done)
        return std::unexpected(std::move(done.error()));
    return m_client->endOffsets();
}

core::Result<std::vector<KafkaGroup>> ForwardedKafka::groups()
{
    if (auto done = ready(); !done)
        return std::unexpected(std::move(done.error()));
    return m_client->groups();
}

core::Result<std::vector<KafkaCommit>> ForwardedKafka::commits(const std::string& group)
{
    if (auto done = ready(); !done)
        return std::unexpected(std::move(done.error()));
    return m_client->commits(group);
}

} // namespace gitops
