// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/script/jqpaths.h"

extern "C" {
#include <jq.h>
}

#include <algorithm>
#include <map>

namespace gitops::script {

namespace {

constexpr std::size_t kPrograms = 100;

/// A compiled program; null where it cannot be compiled, and then why.
struct Program
{
    jq_state* state = nullptr;
    std::string error;

    ~Program()
    {
        if (state)
            jq_teardown(&state);
    }
};

void keepFirst(void* data, jv message)
{
    std::string& error = static_cast<Program*>(data)->error;
    if (error.empty() && jv_get_kind(message) == JV_KIND_STRING)
        error = jv_string_value(message);
    jv_free(message);
}

/// Its first line says what is wrong; the rest is about a shell, and about lines that are ours.
std::string whatIsWrong(std::string text)
{
    if (text.starts_with("jq: error: "))
        text.erase(0, 11);
    for (const char* end : {"\n", " (Unix", " at <"})
        text.resize(std::min(text.find(end), text.size()));
    return text;
}

void compile(Program& program, const std::string& expression)
{
    program.state = jq_init();
    if (!program.state) {
        program.error = "jq has not enough memory";
        return;
    }
    jq_set_error_cb(program.state, keepFirst, &program);
    const std::string text = "[path(" + expression + "\n)]";
    if (jq_compile(program.state, text.c_str()))
        return;
    jq_teardown(&program.state);
    program.state = nullptr;
    program.error = whatIsWrong(program.error);
}

Program& programFor(const std::string& expression)
{
    static std::map<std::string, Program> programs;
    if (programs.size() >= kPrograms && !programs.contains(expression))
        programs.clear();
    const auto [found, isNew] = programs.try_emplace(expression);
    if (isNew)
        compile(found->second, expression);
    return found->second;
}

jv answer(const char* name, jv value)
{
    return jv_object_set(jv_object(), jv_string(name), value);
}

} // namespace

jv jqPaths(const std::string& expression, jv object)
{
    Program& program = programFor(expression);
    if (!program.state) {
        jv_free(object);
        return answer("error", jv_string(program.error.c_str()));
    }
    jq_start(program.state, object, 0);
    jv paths = jq_next(program.state);
    if (jv_is_valid(paths) && jv_get_kind(paths) == JV_KIND_ARRAY)
        return answer("paths", paths);
    jv_free(paths);
    return answer("paths", jv_array());
}

} // namespace gitops::script
