// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/dagreader.h"

#include "core/platform/dagexpression.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kMaxTasks = 10'000;
constexpr std::size_t kMaxKnown = 200; ///< values inside one variable
constexpr std::size_t kMaxText = 4'096;

std::string_view lastPart(std::string_view dotted)
{
    const std::size_t dot = dotted.rfind('.');
    return dot == dotted.npos ? dotted : dotted.substr(dot + 1);
}

std::size_t sizeOf(const DagValue& value)
{
    std::size_t out = 1;
    for (const DagValue& item : value.items)
        out += sizeOf(item);
    for (const auto& [name, item] : value.named)
        out += sizeOf(item);
    return out;
}

bool isOperatorName(std::string_view name)
{
    return name.ends_with("Operator") || name.ends_with("Sensor")
        || name.ends_with("OperatorAsync");
}

class FileReader
{
public:
    explicit FileReader(std::string_view text)
        : m_tokens(dagTokens(text))
        , m_reader(m_tokens)
    {
        m_reader.onOrder = [this](const DagValue& before, const DagValue& after) {
            order(before, after);
        };
        m_reader.onCall = [this](const DagValue& call) { called(call); };
    }
    DagFile read();

private:
    struct Block
    {
        int indent = 0;
        std::string dag; ///< "" for a task group
        std::string prefix; ///< of a task group, "extract."
    };
    struct Function
    {
        int indent = 0;
        std::string name;
        std::map<std::string, std::optional<DagValue>> before; ///< what its variables hid
    };

    void statement();
    void decorator();
    void function();
    void with();
    bool assignment();
    void assign(const std::string& name, DagValue value);
    void returned(const DagValue& value);
    void leaveFunction();
    void called(const DagValue& call);
    void chain(const DagValue& call);
    void order(const DagValue& before, const DagValue& after);
    std::vector<std::size_t> tasksIn(const DagValue& value);
    std::optional<std::size_t> addTask(const DagValue& call, std::string id, std::string name);
    std::string addDag(const DagValue& call, const std::string& fallback);
    const std::string& currentDag() const;
    std::string currentPrefix() const;
    void leaveBlocks(int indent);
    void finish();

    std::vector<DagToken> m_tokens;
    DagExpressionReader m_reader;
    DagFile m_file;
    std::vector<Block> m_blocks;
    std::vector<Function> m_functions;
    std::vector<DagValue> m_decorators;
    std::map<std::string, std::string> m_dagOfVariable;
    std::map<std::string, std::size_t> m_taskOfVariable;
    std::map<std::string, DagValue> m_taskFunctions; ///< decorated with @task: its decorator
    std::map<std::string, std::vector<DagValue>> m_bodies; ///< calls in plain functions
    std::map<std::pair<int, std::string>, std::size_t> m_taskAtCall; ///< by line and id
    std::set<std::pair<std::size_t, std::size_t>> m_ordered;
};

const std::string& FileReader::currentDag() const
{
    static const std::string none;
    for (auto block = m_blocks.rbegin(); block != m_blocks.rend(); ++block)
        if (!block->dag.empty())
            return block->dag;
    return none;
}

std::string FileReader::currentPrefix() const
{
    std::string out;
    for (const Block& block : m_blocks)
        out += block.prefix;
    return out;
}

void FileReader::leaveBlocks(int indent)
{
    while (!m_blocks.empty() && m_blocks.back().indent >= indent)
        m_blocks.pop_back();
    while (!m_functions.empty() && m_functions.back().indent >= indent)
        leaveFunction();
}

std::string FileReader::addDag(const DagValue& call, const std::string& fallback)
{
    const DagValue* id = call.find("dag_id");
    if (!id && !call.items.empty())
        id = &call.items.front();
    std::string name = id && id->type == DagValue::Type::Text ? id->text : fallback;
    if (name.empty())
        name = "line " + std::to_string(call.line);
    if (std::ranges::none_of(m_file.dags, [&](const Dag& dag) { return dag.id == name; })
        && m_file.dags.size() < kMaxTasks) {
        Dag dag {name, call.line, {}};
        for (const char* argument : {"schedule", "schedule_interval", "timetable"})
            if (const DagValue* schedule = call.find(argument))
                dag.schedule = *schedule;
        m_file.dags.push_back(std::move(dag));
    }
    return name;
}

std::optional<std::size_t> FileReader::addTask(const DagValue& call, std::string id,
                                               std::string name)
{
    if (m_file.tasks.size() >= kMaxTasks)
        return std::nullopt;
    id = currentPrefix() + id;
    const auto [found, isNew] = m_taskAtCall.emplace(std::pair(call.line, id), m_file.tasks.size());
    if (!isNew)
        return found->second;
    DagTask task {id, currentDag(), std::move(name), call.line, call, {}};
    if (const DagValue* dag = call.find("dag"); dag && dag->type == DagValue::Type::Name)
        if (const auto known = m_dagOfVariable.find(dag->text); known != m_dagOfVariable.end())
            task.dag = known->second;
    m_file.tasks.push_back(std::move(task));
    return found->second;
}

/// A call: an operator, a @task function, chain(), or something in a function's body.
void FileReader::called(const DagValue& call)
{
    const std::string name(lastPart(call.text.substr(0, call.text.find(".expand"))));
    const std::string callee =
        call.text.ends_with(".partial") || call.text.find(".partial.") != call.text.npos
        ? std::string(lastPart(call.text.substr(0, call.text.find(".partial"))))
        : name;
    const DagValue* id = call.find("task_id");
    const bool isTask = m_taskFunctions.contains(call.text);
    if (id && id->type == DagValue::Type::Text && callee != "task")
        addTask(call, id->text, callee);
    else if (!id && isOperatorName(callee))
        addTask(call, "line " + std::to_string(call.line), callee);
    else if (isTask && (m_functions.empty() || !m_bodies.contains(m_functions.back().name)))
        addTask(call, call.text, "@task");
    if (callee == "chain" || callee == "cross_downstream")
        chain(call);
    if (callee == "set_downstream" || callee == "set_upstream") {
        const std::string owner = call.text.substr(0, call.text.rfind('.'));
        const DagValue self {.type = DagValue::Type::Name, .text = owner, .line = call.line};
        for (const DagValue& item : call.items)
            callee == "set_downstream" ? order(self, item) : order(item, self);
    }
    if (!m_functions.empty()) {
        std::vector<DagValue>& body = m_bodies[m_functions.back().name];
        if (body.size() < 2'000 && sizeOf(call) < kMaxKnown)
            body.push_back(call);
    }
}

void FileReader::chain(const DagValue& call)
{
    for (std::size_t i = 1; i < call.items.size(); ++i)
        order(call.items[i - 1], call.items[i]);
}

std::vector<std::size_t> FileReader::tasksIn(const DagValue& value)
{
    std::vector<std::size_t> out;
    if (value.type == DagValue::Type::Name) {
        if (const auto found = m_taskOfVariable.find(value.text); found != m_taskOfVariable.end())
            out.push_back(found->second);
    } else if (value.type == DagValue::Type::Call) {
        const DagValue* id = value.find("task_id");
        const std::string name =
            currentPrefix() + (id && id->type == DagValue::Type::Text ? id->text : value.text);
        if (const auto found = m_taskAtCall.find({value.line, name}); found != m_taskAtCall.end())
            out.push_back(found->second);
    } else if (value.type == DagValue::Type::List) {
        for (const DagValue& item : value.items)
            std::ranges::copy(tasksIn(item), std::back_inserter(out));
    }
    return out;
}

void FileReader::order(const DagValue& before, const DagValue& after)
{
    const auto afters = tasksIn(after);
    for (const std::size_t first : tasksIn(before))
        for (const std::size_t second : afters)
            if (first != second && m_file.order.size() < 4 * kMaxTasks
                && m_ordered.emplace(first, second).second)
                m_file.order.push_back({first, second, after.line});
}

void FileReader::decorator()
{
    ++m_reader.at;
    DagValue value = m_reader.expression();
    if (m_decorators.size() < 100)
        m_decorators.push_back(std::move(value));
    m_reader.skipStatement();
}

void FileReader::function()
{
    const int indent = m_reader.token().indent;
    ++m_reader.at;
    const std::string name = m_reader.token().text;
    m_reader.skipStatement();
    for (const DagValue& each : m_decorators) {
        const std::string callee = each.text;
        if (lastPart(callee) == "dag") {
            const std::string dag = addDag(each, name);
            m_blocks.push_back({indent, dag, ""});
            m_decorators.clear();
            return;
        }
        if (lastPart(callee) == "task" || callee.starts_with("task.")) {
            m_taskFunctions[name] = each;
            m_taskFunctions[name].type = DagValue::Type::Call;
        }
        if (lastPart(callee) == "task_group")
            m_blocks.push_back({indent, "", name + "."});
    }
    m_decorators.clear();
    m_functions.push_back({indent, name});
    m_bodies[name];
}

void FileReader::with()
{
    const int indent = m_reader.token().indent;
    ++m_reader.at;
    while (m_reader.token().type != DagToken::Type::NewLine
           && m_reader.token().type != DagToken::Type::End) {
        const std::size_t before = m_reader.at;
        const DagValue value = m_reader.expression();
        std::string variable;
        if (m_reader.isName("as")) {
            variable = m_reader.token(1).text;
            m_reader.at += 2;
        }
        if (value.type == DagValue::Type::Call && lastPart(value.text) == "DAG") {
            const std::string dag = addDag(value, variable);
            m_dagOfVariable[variable] = dag;
            m_blocks.push_back({indent, dag, ""});
        } else if (value.type == DagValue::Type::Call && lastPart(value.text) == "TaskGroup") {
            const DagValue* id = value.find("group_id");
            id = !id && !value.items.empty() ? &value.items.front() : id;
            m_blocks.push_back(
                {indent, "", id && id->type == DagValue::Type::Text ? id->text + "." : ""});
        }
        if (m_reader.isSign(",") || m_reader.at == before)
            ++m_reader.at;
        if (m_reader.isSign(":"))
            break;
    }
    m_reader.skipStatement();
}

/// Forgets the variables of a function.
void FileReader::leaveFunction()
{
    for (auto& [name, value] : m_functions.back().before) {
        if (value)
            m_reader.known.insert_or_assign(name, std::move(*value));
        else
            m_reader.known.erase(name);
    }
    m_functions.pop_back();
}

/// A function that returns a text gives it to whoever calls it; one that returns two gives nothing.
void FileReader::returned(const DagValue& value)
{
    if (m_functions.empty())
        return;
    const std::string name = m_functions.back().name + "()";
    const bool isText = value.type == DagValue::Type::Text && value.text.size() <= kMaxText;
    if (isText && !m_reader.known.contains(name) && m_reader.known.size() < kMaxTasks)
        m_reader.known.emplace(name, value);
    else
        m_reader.known.erase(name);
}

void FileReader::assign(const std::string& name, DagValue value)
{
    if (value.type == DagValue::Type::Call && lastPart(value.text) == "DAG") {
        m_dagOfVariable[name] = addDag(value, name);
        return;
    }
    if (!m_functions.empty() && m_functions.back().before.size() < kMaxTasks) {
        const auto hidden = m_reader.known.find(name);
        m_functions.back().before.emplace(
            name, hidden == m_reader.known.end() ? std::nullopt : std::optional(hidden->second));
    }
    if (const auto tasks = tasksIn(value); !tasks.empty() && value.type == DagValue::Type::Call) {
        m_taskOfVariable[name] = tasks.front();
        m_reader.known.erase(name);
    } else if (value.type != DagValue::Type::Name && value.type != DagValue::Type::Other
               && value.text.size() <= kMaxText && sizeOf(value) <= kMaxKnown
               && m_reader.known.size() < kMaxTasks) {
        m_reader.known.insert_or_assign(name, std::move(value));
    } else {
        m_reader.known.erase(name);
    }
}

/// "a = x" or "a, b = x, y"; false when the statement is neither.
bool FileReader::assignment()
{
    std::vector<std::string> names;
    std::size_t ahead = 0;
    while (m_reader.token(ahead).type == DagToken::Type::Name && names.size() < 50) {
        names.push_back(m_reader.token(ahead).text);
        if (m_reader.isSign("=", ahead + 1))
            break;
        if (!m_reader.isSign(",", ahead + 1))
            return false;
        ahead += 2;
    }
    if (names.empty() || !m_reader.isSign("=", ahead + 1))
        return false;
    m_reader.at += ahead + 2;
    std::vector<DagValue> values {m_reader.expression()};
    while (m_reader.isSign(",") && values.size() < names.size()) {
        ++m_reader.at;
        values.push_back(m_reader.expression());
    }
    for (std::size_t i = 0; i < names.size(); ++i)
        assign(names[i], values.size() == names.size() ? std::move(values[i]) : DagValue {});
    return true;
}

void FileReader::statement()
{
    const DagToken& first = m_reader.token();
    leaveBlocks(first.indent);
    if (m_reader.isSign("@"))
        return decorator();
    if (m_reader.isName("async"))
        ++m_reader.at;
    if (m_reader.isName("def"))
        return function();
    if (m_reader.isName("with"))
        return with();
    m_decorators.clear();
    if (m_reader.isName("return")) {
        ++m_reader.at;
        returned(m_reader.expression());
    } else if (assignment()) {
        // The rest of the line is read below.
    } else if (first.type == DagToken::Type::Name
               && (first.text == "if" || first.text == "for" || first.text == "while"
                   || first.text == "elif" || first.text == "raise" || first.text == "assert")) {
        ++m_reader.at;
    }
    // What is left of the line may hold calls and orders.
    while (m_reader.token().type != DagToken::Type::NewLine
           && m_reader.token().type != DagToken::Type::End) {
        const std::size_t before = m_reader.at;
        (void)m_reader.expression();
        if (m_reader.at == before)
            ++m_reader.at;
    }
    m_reader.skipStatement();
}

/// Gives tasks their functions, and those without a DAG the only one that there is.
void FileReader::finish()
{
    for (DagTask& task : m_file.tasks) {
        if (task.dag.empty() && m_file.dags.size() == 1)
            task.dag = m_file.dags.front().id;
        std::string function;
        if (const DagValue* callable = task.call.find("python_callable");
            callable && callable->type == DagValue::Type::Name)
            function = callable->text;
        if (task.operatorName == "@task") {
            function = task.call.text;
            // Inlets and outlets stand in the decorator.
            const DagValue arguments = task.call;
            task.call = m_taskFunctions[function];
            task.call.items = arguments.items;
            if (const DagValue* id = task.call.find("task_id");
                id && id->type == DagValue::Type::Text)
                task.id = id->text;
        }
        // A function may call others: two steps are enough for what DAG files do.
        std::vector<std::string> open {function};
        std::set<std::string> seen;
        for (std::size_t i = 0; i < open.size() && i < 50; ++i) {
            if (open[i].empty() || !seen.insert(open[i]).second)
                continue;
            const auto body = m_bodies.find(open[i]);
            if (body == m_bodies.end())
                continue;
            for (const DagValue& call : body->second) {
                if (task.body.size() < 2'000)
                    task.body.push_back(call);
                open.push_back(call.text);
            }
        }
    }
}

DagFile FileReader::read()
{
    while (m_reader.token().type != DagToken::Type::End) {
        const std::size_t before = m_reader.at;
        statement();
        if (m_reader.at == before)
            ++m_reader.at;
    }
    finish();
    return std::move(m_file);
}

} // namespace

DagFile readDagFile(std::string_view text)
{
    return FileReader(text).read();
}

std::vector<DagValue> datasetsOf(const DagValue& value)
{
    std::vector<DagValue> out;
    if (value.type == DagValue::Type::List) {
        for (const DagValue& item : value.items)
            std::ranges::copy(datasetsOf(item), std::back_inserter(out));
        return out;
    }
    if (value.type == DagValue::Type::Call) {
        const std::string_view name = lastPart(value.text);
        if (name != "Dataset" && name != "Asset" && name != "DatasetAlias" && name != "AssetAlias")
            return {value};
        const DagValue* uri = value.find("uri");
        uri = !uri && !value.items.empty() ? &value.items.front() : uri;
        uri = !uri ? value.find("name") : uri;
        if (!uri)
            return {};
        out.push_back(*uri);
        out.back().line = value.line;
        return out;
    }
    out.push_back(value);
    return out;
}

} // namespace core
