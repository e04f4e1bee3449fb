// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/control.h"

#include "core/object/kindtable.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <future>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace app {

namespace {

constexpr std::size_t kMaxRequest = 1u << 20;
constexpr std::size_t kMaxAnswer = 256u << 20;

class Descriptor
{
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    ~Descriptor()
    {
        if (m_number >= 0)
            close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_number; }
    explicit operator bool() const { return m_number >= 0; }

private:
    int m_number;
};

/// The socket's address through an open folder: a path of any length fits into sun_path so.
sockaddr_un addressIn(const Descriptor& folder)
{
    sockaddr_un address {};
    address.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(folder.get()) + "/control.sock";
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

bool sendAll(int socket, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t sent = send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        text.remove_prefix(std::size_t(sent));
    }
    return true;
}

/// Up to a line end; nullopt on a time-out, a closed connection or a line that is too long.
std::optional<std::string> receiveLine(int socket, std::size_t limit, int timeoutMs)
{
    std::string line;
    char buffer[65536];
    while (line.size() <= limit) {
        pollfd wait {socket, POLLIN, 0};
        if (poll(&wait, 1, timeoutMs) <= 0)
            return std::nullopt;
        const ssize_t got = recv(socket, buffer, sizeof buffer, 0);
        if (got <= 0)
            return std::nullopt;
        line.append(buffer, std::size_t(got));
        if (line.ends_with('\n')) {
            line.pop_back();
            return line;
        }
    }
    return std::nullopt;
}

core::Json errorAnswer(std::string message)
{
    return core::JsonObject {{"error", std::move(message)}};
}

std::optional<core::ObjectKey> keyIn(const core::Json& request)
{
    const core::Json* object = core::find(request, "object");
    if (!object)
        return std::nullopt;
    return core::ObjectKey {std::string(core::stringAt(*object, {"group"})),
                            std::string(core::stringAt(*object, {"kind"})),
                            std::string(core::stringAt(*object, {"namespace"})),
                            std::string(core::stringAt(*object, {"name"}))};
}

std::optional<core::Command> commandOf(const core::Json& request)
{
    const std::string verb(core::stringAt(request, {"verb"}));
    const std::string application(core::stringAt(request, {"application"}));
    const auto key = keyIn(request);
    if (verb == "confirm") {
        core::command::Confirm confirm {application, {}};
        if (key)
            confirm.keys.push_back(*key);
        return confirm;
    }
    if (verb == "pause") {
        core::Pause pause {key, std::string(core::stringAt(request, {"reason"})), {}};
        if (const auto seconds = core::integerAt(request, {"untilSeconds"}, 0); seconds > 0)
            pause.until = std::chrono::system_clock::now() + std::chrono::seconds(seconds);
        return core::command::SetPause {application, pause};
    }
    if (verb == "resume")
        return core::command::Resume {application, key};
    if (verb == "adopt")
        return core::command::Adopt {application};
    if (verb == "terminate")
        return core::command::Terminate {application};
    if (verb == "refresh")
        return core::command::Refresh {application, core::boolAt(request, {"hard"})};
    if (verb == "sync") {
        core::command::Sync sync;
        sync.application = application;
        sync.prune = core::boolAt(request, {"prune"});
        sync.dryRun = core::boolAt(request, {"dryRun"});
        return sync;
    }
    return std::nullopt;
}

core::Json answerTo(gitops::Engine& engine, const core::Json& request)
{
    if (core::stringAt(request, {"verb"}) == "status") {
        core::JsonArray applications;
        const core::SnapshotPtr snapshot = engine.snapshot(); // the next one may come meanwhile
        for (const auto& [name, state] : snapshot->applications)
            applications.push_back(core::toJson(*state));
        return core::JsonObject {{"applications", std::move(applications)}};
    }
    auto command = commandOf(request);
    if (!command)
        return errorAnswer("this verb is not known");
    auto promise = std::make_shared<std::promise<core::Result<void>>>();
    auto answer = promise->get_future();
    engine.submit(std::move(*command),
                  [promise](core::Result<void> done) { promise->set_value(std::move(done)); });
    if (answer.wait_for(std::chrono::seconds(10)) != std::future_status::ready)
        return errorAnswer("the engine did not answer within 10 seconds");
    const core::Result<void> done = answer.get();
    return done ? core::Json(core::JsonObject {{"ok", true}}) : errorAnswer(done.error().text());
}

core::Result<std::unique_ptr<Descriptor>> openFolder(const std::string& folder)
{
    auto out =
        std::make_unique<Descriptor>(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!*out)
        return core::failure(errno == ENOENT ? core::ErrorCode::NotFound : core::ErrorCode::Disk,
                             std::strerror(errno), core::Place {folder, 0, 0, ""},
                             core::Fault::Machine);
    return out;
}

} // namespace

struct ControlServer::Private
{
    Private(gitops::Engine& theEngine, std::unique_ptr<Descriptor> theFolder, int socket)
        : engine(theEngine)
        , folder(std::move(theFolder))
        , listening(socket)
    {
        thread = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    }
    ~Private()
    {
        thread.request_stop();
        thread.join();
        unlinkat(folder->get(), "control.sock", 0);
    }

    void serve(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            pollfd wait {listening.get(), POLLIN, 0};
            if (poll(&wait, 1, 200) <= 0)
                continue;
            const Descriptor client(accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!client)
                continue;
            const auto line = receiveLine(client.get(), kMaxRequest, 2000);
            if (!line)
                continue;
            const auto request = core::parseJson(*line);
            const core::Json answer =
                request ? answerTo(engine, *request) : errorAnswer(request.error().text());
            sendAll(client.get(), core::toText(answer) + "\n");
        }
    }

    gitops::Engine& engine;
    std::unique_ptr<Descriptor> folder;
    Descriptor listening;
    std::jthread thread;
};

core::Result<std::unique_ptr<ControlServer>> ControlServer::start(gitops::Engine& engine,
                                                                  const std::string& stateFolder)
{
    auto folder = openFolder(stateFolder);
    if (!folder)
        return std::unexpected(folder.error());
    // The state folder is locked by us: a socket that is there is left over from a process that was
    // killed.
    unlinkat((*folder)->get(), "control.sock", 0);
    const int socketNumber = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = addressIn(**folder);
    const mode_t mask = umask(0177);
    const bool bound = socketNumber >= 0
        && bind(socketNumber, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
        && listen(socketNumber, 8) == 0;
    umask(mask);
    if (!bound) {
        const int error = errno;
        if (socketNumber >= 0)
            close(socketNumber);
        return core::failure(core::ErrorCode::Disk,
                             std::string("the control socket cannot be made: ")
                                 + std::strerror(error),
                             core::Place {stateFolder, 0, 0, ""}, core::Fault::Machine);
    }
    return std::unique_ptr<ControlServer>(
        new ControlServer(std::make_unique<Private>(engine, std::move(*folder), socketNumber)));
}

ControlServer::ControlServer(std::unique_ptr<Private> p)
    : d(std::move(p))
{
}

ControlServer::~ControlServer() = default;

core::Result<core::Json> askControl(const std::string& stateFolder, const core::Json& request)
{
    const auto nobody = [&] {
        return core::failure(
            core::ErrorCode::NotFound,
            "no Wavewright runs with this state folder; start one with wavewright run",
            core::Place {stateFolder, 0, 0, ""}, core::Fault::User);
    };
    auto folder = openFolder(stateFolder);
    if (!folder)
        return nobody();
    const Descriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = addressIn(**folder);
    if (!client
        || connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return nobody();
    if (!sendAll(client.get(), core::toText(request) + "\n"))
        return core::failure(core::ErrorCode::Network,
                             "the running Wavewright did not take the request");
    const auto line = receiveLine(client.get(), kMaxAnswer, 15000);
    if (!line)
        return core::failure(core::ErrorCode::Timeout, "the running Wavewright did not answer");
    auto answer = core::parseJson(*line, {.bytes = kMaxAnswer});
    if (answer && !core::stringAt(*answer, {"error"}).empty())
        return core::failure(core::ErrorCode::Invalid,
                             std::string(core::stringAt(*answer, {"error"})));
    return answer;
}

core::Result<core::ObjectKey> parseObjectName(const std::string& text)
{
    const std::size_t blank = text.find(' ');
    if (blank == std::string::npos || blank == 0 || blank + 1 == text.size())
        return core::failure(
            core::ErrorCode::Invalid,
            "\"" + text
                + "\" is no object: write KIND [NAMESPACE/]NAME, as in \"Deployment shop/web\"",
            {}, core::Fault::User);
    core::ObjectKey key;
    key.kind = text.substr(0, blank);
    if (const std::size_t dot = key.kind.find('.'); dot != std::string::npos) {
        key.group = key.kind.substr(dot + 1);
        key.kind.resize(dot);
    } else {
        for (const core::KindInfo& info : core::builtinKinds())
            if (info.kind.kind == key.kind)
                key.group = info.kind.group;
    }
    key.name = text.substr(blank + 1);
    if (const std::size_t slash = key.name.find('/'); slash != std::string::npos) {
        key.namespaceName = key.name.substr(0, slash);
        key.name = key.name.substr(slash + 1);
    }
    return key;
}

} // namespace app
