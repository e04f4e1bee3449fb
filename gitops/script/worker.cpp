// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/script/worker.h"

#include "gitops/script/jqpaths.h"
#include "gitops/script/luahealth.h"

#include <cerrno>
#include <string>
#include <string_view>
#include <sys/time.h>
#include <unistd.h>

namespace gitops::script {

namespace {

/// Of processor time, which a busy machine does not use up. The default action of SIGPROF ends the
/// process, whatever it is in.
void setAlarm(int milliseconds)
{
    itimerval time {};
    time.it_value.tv_sec = milliseconds / 1000;
    time.it_value.tv_usec = (milliseconds % 1000) * 1000;
    setitimer(ITIMER_PROF, &time, nullptr);
}

jv failure(const char* text)
{
    return jv_object_set(jv_object(), jv_string("error"), jv_string(text));
}

std::string textAt(jv request, const char* name)
{
    const jv value = jv_object_get(jv_copy(request), jv_string(name));
    std::string text;
    if (jv_get_kind(value) == JV_KIND_STRING)
        text.assign(jv_string_value(value), std::size_t(jv_string_length_bytes(jv_copy(value))));
    jv_free(value);
    return text;
}

/// Consumes the request.
jv answerTo(jv request)
{
    if (jv_get_kind(request) != JV_KIND_OBJECT) {
        jv_free(request);
        return failure("the request is not an object");
    }
    const std::string what = textAt(request, "do");
    const std::string text = textAt(request, "text");
    const jv open = jv_object_get(jv_copy(request), jv_string("open"));
    const bool isOpen = jv_get_kind(open) == JV_KIND_TRUE;
    jv_free(open);
    const jv object = jv_object_get(request, jv_string("object"));
    if (what == "paths")
        return jqPaths(text, object);
    if (what == "health")
        return luaHealth(text, isOpen, object);
    jv_free(object);
    return failure("the request is not known");
}

std::string answerLine(const std::string& line)
{
    jv text = jv_dump_string(answerTo(jv_parse_sized(line.data(), int(line.size()))), 0);
    std::string out;
    if (jv_get_kind(text) == JV_KIND_STRING)
        out.assign(jv_string_value(text), std::size_t(jv_string_length_bytes(jv_copy(text))));
    jv_free(text);
    if (out.empty() || out.size() > kMaxAnswer)
        return "{\"error\":\"its answer is too long\"}\n";
    return out + "\n";
}

bool writeAll(int output, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = ::write(output, text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        text.remove_prefix(std::size_t(count));
    }
    return true;
}

} // namespace

int serve(int input, int output)
{
    std::string waiting;
    std::string buffer(65'536, '\0');
    while (true) {
        const ssize_t count = ::read(input, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0 ? 0 : 1;
        waiting.append(buffer.data(), std::size_t(count));
        for (auto end = waiting.find('\n'); end != std::string::npos; end = waiting.find('\n')) {
            const std::string line = waiting.substr(0, end);
            waiting.erase(0, end + 1);
            setAlarm(kSeconds * 1000 + 200);
            const std::string answer = answerLine(line);
            setAlarm(0);
            if (!writeAll(output, answer))
                return 1;
        }
        if (waiting.size() > kMaxRequest)
            return 1;
    }
}

} // namespace gitops::script
