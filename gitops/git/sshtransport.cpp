// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/sshtransport.h"

#include "core/base/strings.h"
#include "gitops/git/sshprocess.h"

#include <git2.h>
#include <git2/sys/transport.h>

#include <memory>

namespace gitops {

namespace {

/// libgit2's subtransport: one process for the whole conversation.
struct Subtransport
{
    git_smart_subtransport base {}; ///< first: libgit2 hands us its address
    SshExchange* exchange = nullptr;
    git_smart_subtransport_stream* current = nullptr; ///< not owned
};

struct Stream
{
    git_smart_subtransport_stream base {}; ///< first, as above
    Subtransport* owner = nullptr;
    std::unique_ptr<SshProcess> process;
    bool heard = false;
};

int fail(SshExchange& exchange, core::Error error)
{
    error.place.object = exchange.url->shown;
    error.fault = core::Fault::Git;
    git_error_set_str(GIT_ERROR_SSH, error.message.c_str());
    if (!exchange.error)
        exchange.error = std::move(error);
    return -1;
}

/// One word for the shell at the other end.
std::string quoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text)
        if (c == '\'' || c == '!')
            out += std::string("'\\") + c + '\'';
        else
            out += c;
    return out + '\'';
}

std::vector<std::string> commandLine(const SshExchange& exchange)
{
    const RemoteUrl::Ssh& ssh = exchange.url->ssh;
    std::vector<std::string> words {exchange.options->program};
    words.insert(words.end(), exchange.options->arguments.begin(),
                 exchange.options->arguments.end());
    for (const char* option : {"BatchMode=yes", "ConnectTimeout=20", "ForwardAgent=no",
                               "ForwardX11=no", "PermitLocalCommand=no", "RequestTTY=no"}) {
        words.emplace_back("-o");
        words.emplace_back(option);
    }
    if (!ssh.port.empty()) {
        words.emplace_back("-p");
        words.push_back(ssh.port);
    }
    words.emplace_back("--");
    words.push_back(ssh.user.empty() ? ssh.host : ssh.user + '@' + ssh.host);
    words.push_back("git-upload-pack " + quoted(ssh.path));
    return words;
}

/// What ssh or the server said, in the last line that says something.
std::string lastLine(const std::string& text)
{
    std::string_view rest = core::trimmed(text);
    const std::size_t begin = rest.rfind('\n');
    if (begin != std::string_view::npos)
        rest.remove_prefix(begin + 1);
    return core::sanitised(rest.substr(0, 300));
}

core::Error explained(const std::string& complaint)
{
    const auto says = [&](std::string_view words) {
        return complaint.find(words) != std::string::npos;
    };
    if (says("Host key verification failed") || says("HOST IDENTIFICATION HAS CHANGED"))
        return {core::ErrorCode::Forbidden,
                "The server's host key is unknown or has changed; see known_hosts.",
                {},
                {},
                {}};
    if (says("Permission denied"))
        return {
            core::ErrorCode::Unauthorized, "The server accepts none of the ssh keys.", {}, {}, {}};
    if (says("does not appear to be a git repository") || says("epository not found")
        || says("could not be found"))
        return {core::ErrorCode::NotFound,
                "The server has no such repository, or hides it.",
                {},
                {},
                {}};
    const std::string line = lastLine(complaint);
    return {core::ErrorCode::Network,
            line.empty() ? "The connection was closed." : "The connection failed: " + line,
            {},
            {},
            {}};
}

int readStream(git_smart_subtransport_stream* base, char* bytes, std::size_t size,
               std::size_t* bytesRead)
{
    auto& stream = *reinterpret_cast<Stream*>(base);
    *bytesRead = 0;
    const core::Result<std::size_t> count =
        stream.process->read(bytes, size, *stream.owner->exchange->watch);
    if (!count)
        return fail(*stream.owner->exchange, count.error());
    if (*count == 0 && !stream.heard)
        return fail(*stream.owner->exchange, explained(stream.process->complaint()));
    stream.heard = true;
    *bytesRead = *count;
    return 0;
}

int writeStream(git_smart_subtransport_stream* base, const char* bytes, std::size_t size)
{
    auto& stream = *reinterpret_cast<Stream*>(base);
    const core::Result<void> written =
        stream.process->write({bytes, size}, *stream.owner->exchange->watch);
    return written ? 0 : fail(*stream.owner->exchange, written.error());
}

void freeStream(git_smart_subtransport_stream* base)
{
    auto* stream = reinterpret_cast<Stream*>(base);
    stream->owner->current = nullptr;
    delete stream;
}

int startAction(git_smart_subtransport_stream** out, git_smart_subtransport* base, const char*,
                git_smart_service_t service)
{
    auto* transport = reinterpret_cast<Subtransport*>(base);
    if (service == GIT_SERVICE_UPLOADPACK && transport->current != nullptr) {
        *out = transport->current; // the conversation goes on
        return 0;
    }
    if (service != GIT_SERVICE_UPLOADPACK && service != GIT_SERVICE_UPLOADPACK_LS)
        return fail(*transport->exchange,
                    {core::ErrorCode::Internal, "Wavewright never pushes.", {}, {}, {}});
    auto process = SshProcess::start(commandLine(*transport->exchange));
    if (!process)
        return fail(*transport->exchange, process.error());
    auto stream = std::make_unique<Stream>();
    stream->base.subtransport = base;
    stream->base.read = readStream;
    stream->base.write = writeStream;
    stream->base.free = freeStream;
    stream->owner = transport;
    stream->process = std::move(*process);
    transport->current = &stream->base;
    *out = &stream.release()->base;
    return 0;
}

int closeTransport(git_smart_subtransport*)
{
    return 0; // libgit2 frees the stream itself
}

void freeTransport(git_smart_subtransport* base)
{
    delete reinterpret_cast<Subtransport*>(base);
}

int makeSubtransport(git_smart_subtransport** out, git_transport*, void* context)
{
    auto transport = std::make_unique<Subtransport>();
    transport->base.action = startAction;
    transport->base.close = closeTransport;
    transport->base.free = freeTransport;
    transport->exchange = static_cast<SshExchange*>(context);
    *out = &transport.release()->base;
    return 0;
}

} // namespace

int makeSshTransport(git_transport** out, git_remote* owner, SshExchange& exchange)
{
    git_smart_subtransport_definition definition {makeSubtransport, 0, &exchange};
    return git_transport_smart(out, owner, &definition);
}

} // namespace gitops
