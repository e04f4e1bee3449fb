// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/manifest.h"
#include "core/platform/lineagefacts.h"
#include "core/platform/lineagerules.h"

#include <functional>
#include <string>
#include <string_view>

namespace core {

/// Another object that this one names (a ConfigMap), or nullptr. Asking makes it a dependency.
using LineageLookup = std::function<ManifestPtr(const ObjectKey&)>;

/// What the readers of one object write to. Bounded: what is too much is left out with a node that
/// says so.
class LineageWriter
{
public:
    LineageWriter(const Manifest& from, const Json& value, const LineageLookup& lookup,
                  const LineageRules& by, LineageFacts& to)
        : manifest(from)
        , object(value)
        , rules(by)
        , facts(to)
        , m_lookup(lookup)
    {
    }

    const Manifest& manifest;
    const Json& object;
    const LineageRules& rules;
    LineageFacts& facts;

    const std::string& namespaceName() const { return manifest.key().namespaceName; }
    Place place(std::string_view pointer) const { return manifest.origin(pointer); }
    /// The ConfigMap of that name in the object's namespace, or nullptr.
    ManifestPtr configMap(std::string_view name) const;
    /// Any other object, or nullptr.
    ManifestPtr lookUp(const ObjectKey& key) const { return m_lookup ? m_lookup(key) : nullptr; }

    void add(LineageNodeFact node);
    void add(LineageFlow flow);
    /// From the dataset to the object itself, and back; proof says why.
    void reads(LineageEnd data, LineageProof proof);
    void writes(LineageEnd data, LineageProof proof);
    void uses(LineageEnd data, LineageProof proof);
    /// An end that cannot be told.
    static LineageEnd unresolved(std::string_view what, std::string_view why);

    static constexpr std::size_t kMaxFlows = 20'000;

private:
    const LineageLookup& m_lookup;
};

/// A text inside an object's field that stands in a file: the place of one of its lines.
struct EmbeddedText
{
    std::string_view text;
    Place place; ///< of the field
    Place line(int number) const; ///< from 1
};

// The built-in readers, each for one kind of thing (lineagereaders.cpp says which name is which).
void readWorkload(LineageWriter& out, const Json& podTemplate, const std::string& pointer);
void readSparkApplication(LineageWriter& out, const Json& spec, const std::string& pointer);
void readService(LineageWriter& out);
void readConfigMap(LineageWriter& out);
void readConnector(LineageWriter& out);
void readKafkaUser(LineageWriter& out);
void readMonitor(LineageWriter& out);
void readIstioGateway(LineageWriter& out);
void readListeners(LineageWriter& out);
void readBridge(LineageWriter& out);
void readTerraformService(LineageWriter& out);
void readIntegration(LineageWriter& out);
void readPipe(LineageWriter& out);
void readCollector(LineageWriter& out, const Json& configuration, const EmbeddedText& text);
void readPrometheus(LineageWriter& out, const Json& configuration, const EmbeddedText& text);
void readGrafanaSources(LineageWriter& out, const Json& configuration, const EmbeddedText& text);
void readRabbitDefinitions(LineageWriter& out, const Json& definitions, const EmbeddedText& text);
/// A file that a workload mounts, or "": collector, prometheus, grafana or definitions, told by
/// what is in it. True when it was one.
bool readMountedFile(LineageWriter& out, std::string_view name, const EmbeddedText& text);
/// The DAGs of a Python file. airflow tells Airflows apart: a namespace, or "".
void readAirflowDag(LineageWriter& out, std::string_view file, const EmbeddedText& text,
                    const std::string& airflow);
/// Our own annotations: wavewright.dev/produces, wavewright.dev/consumes, wavewright.dev/uses. They
/// go before what is inferred of the same system.
void readAnnotations(LineageWriter& out);

/// "kafka:orders", "kafka://host:9092/orders", "s3:gold/x", "rabbitmq:queue/jobs", "postgres:db",
/// "Deployment/web": an end as a person writes it in an annotation.
LineageEnd endOfAnnotation(std::string_view text, const std::string& namespaceName);

} // namespace core
