// SPDX-License-Identifier: GPL-3.0-or-later
// Airflow: what the tasks of a DAG file read, write and start, by the rules for operators
// (resources/lineage/airflow.yaml).
#include "core/base/strings.h"
#include "core/platform/dagreader.h"
#include "core/platform/lineageextractor.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"
#include "core/value/yamlreader.h"

#include <algorithm>
#include <set>
#include <utility>

namespace core {

namespace {

class DagWriter
{
public:
    DagWriter(LineageWriter& out, const EmbeddedText& text, const std::string& airflow)
        : m_out(out)
        , m_text(text)
        , m_host("airflow://" + airflow)
    {
    }
    void write(const DagFile& file);

private:
    LineageEnd node(const std::string& name) const
    {
        return {.type = LineageEnd::Type::Named, .system = "airflow", .host = m_host, .name = name};
    }
    LineageProof proof(std::string detail, int line,
                       LineageEvidence evidence = LineageEvidence::Declared) const
    {
        return {evidence, std::move(detail), m_text.line(line)};
    }
    void flow(LineageEnd from, LineageEnd to, LineageRelation relation, LineageProof proof)
    {
        m_out.add(LineageFlow {std::move(from), std::move(to), relation,
                               relation == LineageRelation::Uses, std::move(proof)});
    }
    void writeDag(const Dag& dag, const DagFile& file);
    void writeTask(const DagTask& task);
    void datasets(const DagValue* value, const LineageEnd& task, bool isInlet);
    LineageEnd endOf(const DagValue& value) const;
    void call(const DagValue& call, const std::string& name, const LineageEnd& task,
              LineageEvidence evidence);
    void apply(const LineageOperatorRule& rule, const DagValue& call, const std::string& name,
               const LineageEnd& task, LineageEvidence evidence);
    void bucket(const LineageOperatorRule& rule, const DagValue& call, const LineageEnd& task,
                const LineageProof& why);
    void runs(const DagValue& argument, const std::string& kind, const LineageEnd& task,
              const LineageProof& why);
    bool runsManifest(const Json& object, const LineageEnd& task, const LineageProof& why);
    static const DagValue* argument(const DagValue& call, const std::vector<std::string>& names);

    LineageWriter& m_out;
    const EmbeddedText& m_text;
    std::string m_host;
};

const DagValue* DagWriter::argument(const DagValue& call, const std::vector<std::string>& names)
{
    for (const std::string& name : names) {
        if (!name.empty() && name.front() >= '0' && name.front() <= '9') {
            const auto index = static_cast<std::size_t>(name.front() - '0');
            if (index < call.items.size())
                return &call.items[index];
        } else if (const DagValue* value = call.find(name)) {
            return value;
        }
    }
    return nullptr;
}

/// A dataset's address as an end; Airflow's own names without a scheme are datasets of Airflow.
LineageEnd DagWriter::endOf(const DagValue& value) const
{
    const bool isText = value.type == DagValue::Type::Text;
    if (!isText || !value.complete || value.text.find("{{") != std::string::npos)
        return LineageWriter::unresolved(value.text.empty() ? "dataset" : value.text,
                                         "the DAG file makes the address when it runs");
    if (auto end = endOfUri(value.text); end && end->type == LineageEnd::Type::Data)
        return *end;
    if (const auto uri = parseLineageUri(value.text))
        return {.type = LineageEnd::Type::Named,
                .system = "dataset",
                .host = uri->scheme + "://" + uri->authority,
                .name = uri->path};
    return {.type = LineageEnd::Type::Named,
            .system = "dataset",
            .host = m_host + "/datasets",
            .name = value.text};
}

void DagWriter::datasets(const DagValue* value, const LineageEnd& task, bool isInlet)
{
    if (!value)
        return;
    for (const DagValue& each : datasetsOf(*value)) {
        const LineageProof why = proof(isInlet ? "inlets" : "outlets", each.line);
        if (isInlet)
            flow(endOf(each), task, LineageRelation::Reads, why);
        else
            flow(task, endOf(each), LineageRelation::Writes, why);
    }
}

void DagWriter::bucket(const LineageOperatorRule& rule, const DagValue& call,
                       const LineageEnd& task, const LineageProof& why)
{
    const DagValue* bucketName = argument(call, rule.bucket);
    const DagValue* key = argument(call, rule.key);
    if (!bucketName && !key)
        return;
    const auto textOf = [](const DagValue* value) {
        return value && value->type == DagValue::Type::Text ? value->text : std::string();
    };
    const std::string bucketText = textOf(bucketName);
    const std::string keyText = textOf(key);
    const bool isUri = keyText.find("://") != std::string::npos;
    // A bucket or a path that is only known when it runs: what is known of it up to there counts.
    const bool isKnown = !bucketText.empty() && !bucketText.starts_with('{') && !keyText.empty()
        && !keyText.starts_with('{');
    LineageEnd end {.type = LineageEnd::Type::Data,
                    .system = "s3",
                    .name = objectStorePath(bucketText + "/" + keyText)};
    if (isUri)
        end = endOf(*key);
    else if (!isKnown && !(rule.key.empty() && !bucketText.empty()))
        end = LineageWriter::unresolved(bucketText.empty() ? "bucket" : bucketText + "/…",
                                        "the DAG file makes the address when it runs");
    if (rule.relation == LineageRelation::Reads)
        flow(std::move(end), task, LineageRelation::Reads, why);
    else
        flow(task, std::move(end), rule.relation.value_or(LineageRelation::Uses), why);
}

/// A manifest that a task creates: what it reads and writes is what the task does.
bool DagWriter::runsManifest(const Json& object, const LineageEnd& task, const LineageProof& why)
{
    Json whole = object;
    if (!whole.is_object())
        return false;
    if (!find(whole, "metadata"))
        whole.get_object()["metadata"] = JsonObject {};
    if (Json* metadata = find(whole, "metadata"); metadata && metadata->is_object()) {
        if (stringAt(*metadata, {"name"}).empty())
            metadata->get_object()["name"] = "made-by-dag";
        if (stringAt(*metadata, {"namespace"}).empty())
            metadata->get_object()["namespace"] = m_out.namespaceName();
    }
    const auto manifest = Manifest::make(whole, {{"", why.place}});
    if (!manifest)
        return false;
    const LineageFactsPtr facts = extractLineage(**manifest, {}, m_out.rules);
    for (LineageFlow each : facts->flows) {
        for (LineageEnd* end : {&each.from, &each.to})
            if (end->type == LineageEnd::Type::Self)
                *end = task;
        m_out.add(std::move(each));
    }
    return !facts->nodes.empty();
}

void DagWriter::runs(const DagValue& value, const std::string& kind, const LineageEnd& task,
                     const LineageProof& why)
{
    const bool isText = value.type == DagValue::Type::Text && value.complete;
    std::string yaml =
        isText && value.text.find("apiVersion") != std::string::npos ? value.text : "";
    const std::string file = value.text.substr(value.text.rfind('/') + 1);
    if (isText && yaml.empty())
        yaml = stringAt(m_out.object, {"data", file});
    if (!yaml.empty()) {
        if (const auto object = parseYaml(yaml, ""); object && runsManifest(*object, task, why))
            return;
        flow(task, LineageWriter::unresolved(file, "it is no manifest that can be read"),
             LineageRelation::Runs, why);
        return;
    }
    if (!isText) {
        flow(task,
             LineageWriter::unresolved(value.text.empty() ? "manifest" : value.text,
                                       "the DAG file makes the manifest when it runs"),
             LineageRelation::Runs, why);
        return;
    }
    const std::size_t slash = kind.find('/');
    if (slash == kind.npos) {
        flow(task, LineageWriter::unresolved(file, "the file stands in another place"),
             LineageRelation::Runs, why);
        return;
    }
    // A file of another place: the object of the file's name, in any namespace.
    flow(task,
         {.type = LineageEnd::Type::Object,
          .object = {kind.substr(0, slash), kind.substr(slash + 1), "*",
                     file.substr(0, file.rfind('.'))},
          .note = "file " + value.text.substr(0, 200)},
         LineageRelation::Runs, why);
}

void DagWriter::apply(const LineageOperatorRule& rule, const DagValue& call,
                      const std::string& name, const LineageEnd& task, LineageEvidence evidence)
{
    const LineageProof why = proof(name, call.line, evidence);
    if (rule.form == "bucket") {
        bucket(rule, call, task, why);
    } else if (rule.form == "runs") {
        if (const DagValue* value = argument(call, rule.key))
            runs(*value, rule.kind, task, why);
    } else if (rule.form == "triggers") {
        const DagValue* id = argument(call, rule.key);
        if (id && id->type == DagValue::Type::Text && id->complete)
            flow(task, node(id->text), LineageRelation::Triggers, why);
        else
            flow(task, LineageWriter::unresolved("DAG", "its id is not a literal"),
                 LineageRelation::Triggers, why);
    } else if (rule.form == "waits") {
        const DagValue* dag = argument(call, rule.bucket);
        const DagValue* other = argument(call, rule.key);
        if (dag && dag->type == DagValue::Type::Text && dag->complete)
            flow(node(dag->text
                      + (other && other->type == DagValue::Type::Text ? "." + other->text : "")),
                 task, LineageRelation::Triggers, why);
    } else if (rule.form == "url") {
        const DagValue* url = argument(call, rule.key);
        if (!url)
            return;
        const std::string text = url->type == DagValue::Type::Text ? url->text : "";
        const auto uri = parseLineageUri(text);
        LineageEnd end = text.starts_with('$') ? LineageEnd {.type = LineageEnd::Type::Host,
                                                             .system = "http",
                                                             .host = text.substr(0, text.find('{'))}
            : uri && uri->authority.find('{') == std::string::npos
            ? LineageEnd {.type = LineageEnd::Type::Host, .system = "http", .host = uri->authority}
            : LineageWriter::unresolved(url->text.empty() ? "url" : url->text,
                                        "the DAG file makes the address when it runs");
        if (rule.relation == LineageRelation::Writes)
            flow(task, std::move(end), LineageRelation::Calls, why);
        else
            flow(std::move(end), task, LineageRelation::Calls, why);
    } else if (rule.form == "connection") {
        const DagValue* id = argument(call, rule.bucket);
        if (!id || id->type != DagValue::Type::Text)
            return;
        flow({.type = LineageEnd::Type::Named,
              .system = "connection",
              .host = m_host + "/connections",
              .name = id->text},
             task, LineageRelation::Calls, why);
    }
}

void DagWriter::call(const DagValue& value, const std::string& name, const LineageEnd& task,
                     LineageEvidence evidence)
{
    for (const LineageOperatorRule& rule : m_out.rules.operators)
        if (std::ranges::any_of(rule.names,
                                [&](const std::string& each) { return globMatches(each, name); }))
            return apply(rule, value, name, task, evidence);
}

void DagWriter::writeTask(const DagTask& task)
{
    const LineageEnd self = node(task.dag.empty() ? task.id : task.dag + "." + task.id);
    m_out.add(LineageNodeFact {.end = self,
                               .container =
                                   task.dag.empty() ? std::nullopt : std::optional(node(task.dag)),
                               .type = LineageNodeType::Job,
                               .system = "airflow",
                               .label = task.id,
                               .place = m_text.line(task.line),
                               .attributes = {{"operator", task.operatorName}}});
    datasets(task.call.find("inlets"), self, true);
    datasets(task.call.find("outlets"), self, false);
    call(task.call, task.operatorName, self, LineageEvidence::Declared);
    for (const DagValue& inner : task.body)
        call(inner, inner.text, self, LineageEvidence::Inferred);
}

void DagWriter::writeDag(const Dag& dag, const DagFile& file)
{
    const LineageEnd self = node(dag.id);
    LineageNodeFact fact {.end = self,
                          .type = LineageNodeType::Job,
                          .system = "airflow",
                          .label = dag.id,
                          .place = m_text.line(dag.line)};
    std::vector<DagValue> triggers;
    if (dag.schedule.type == DagValue::Type::List || dag.schedule.type == DagValue::Type::Call)
        triggers = datasetsOf(dag.schedule);
    else if (dag.schedule.type == DagValue::Type::Text)
        fact.attributes.emplace("schedule", dag.schedule.text);
    m_out.add(std::move(fact));
    for (const DagValue& each : triggers)
        if (each.type == DagValue::Type::Text || each.type == DagValue::Type::Name)
            flow(endOf(each), self, LineageRelation::Triggers, proof("schedule", each.line));
    // A run begins with the tasks that wait for no other.
    std::set<std::size_t> later;
    for (const DagFile::Order& order : file.order)
        later.insert(order.after);
    for (std::size_t i = 0; i < file.tasks.size(); ++i)
        if (file.tasks[i].dag == dag.id && !later.contains(i))
            flow(self, node(dag.id + "." + file.tasks[i].id), LineageRelation::Triggers,
                 proof("first task", file.tasks[i].line));
}

void DagWriter::write(const DagFile& file)
{
    for (const Dag& dag : file.dags)
        writeDag(dag, file);
    for (const DagTask& task : file.tasks)
        writeTask(task);
    const auto name = [&](std::size_t index) {
        const DagTask& task = file.tasks[index];
        return task.dag.empty() ? task.id : task.dag + "." + task.id;
    };
    for (const DagFile::Order& order : file.order)
        flow(node(name(order.before)), node(name(order.after)), LineageRelation::Triggers,
             proof("task order", order.line));
}

} // namespace

void readAirflowDag(LineageWriter& out, std::string_view file, const EmbeddedText& text,
                    const std::string& airflow)
{
    // Programs that are no DAGs stand in ConfigMaps too.
    if (text.text.find("airflow") == text.text.npos
        || (text.text.find("DAG") == text.text.npos && text.text.find("dag") == text.text.npos))
        return;
    if (text.text.size() > (4u << 20)) {
        out.uses(LineageWriter::unresolved(file, "the DAG file is larger than 4 MiB"),
                 {LineageEvidence::Inferred, std::string(file), text.place});
        return;
    }
    DagWriter(out, text, airflow).write(readDagFile(text.text));
}

} // namespace core
