// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A value in a DAG file as far as its literals tell it.
struct DagValue
{
    enum class Type
    {
        Text, ///< a string; complete says whether all of it is known
        Name, ///< a variable that was not set by a literal
        List, ///< list, tuple, set, or datasets joined with & and |
        Call, ///< callee(items, named)
        Other
    } type = Type::Other;
    std::string text; ///< of Text and Name; the callee of a Call
    bool complete = true;
    int line = 1;
    std::vector<DagValue> items;
    std::map<std::string, DagValue> named;
    const DagValue* find(const std::string& name) const;
};

/// A task: what makes it, and the calls inside the function that it runs.
struct DagTask
{
    std::string id;
    std::string dag; ///< id of its DAG, "" when the file does not tell
    std::string operatorName; ///< "SparkKubernetesOperator", "@task"
    int line = 1;
    DagValue call; ///< the operator's arguments
    std::vector<DagValue> body; ///< calls in its function
};

struct Dag
{
    std::string id;
    int line = 1;
    DagValue schedule; ///< Other when it has none
};

/// What a Python file tells of DAGs. Nothing is run or imported: only literals, and names that are
/// set to literals in the same file, are known.
struct DagFile
{
    std::vector<Dag> dags;
    std::vector<DagTask> tasks;
    struct Order
    {
        std::size_t before = 0; ///< index into tasks
        std::size_t after = 0;
        int line = 1;
    };
    std::vector<Order> order;
};

DagFile readDagFile(std::string_view text);

/// The address in a Dataset("…") or Asset(uri="…"), or in a plain text; a Text that is not complete
/// or a Name when it is not a literal.
std::vector<DagValue> datasetsOf(const DagValue& value);

} // namespace core
