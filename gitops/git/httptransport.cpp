// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/httptransport.h"

#include "core/base/strings.h"

#include <curl/curl.h>
#include <git2.h>
#include <git2/sys/transport.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace gitops {

namespace {

constexpr int kPollMilliseconds = 200;
constexpr long kConnectSeconds = 20;
constexpr long kExchangeSeconds = 3600;
constexpr std::size_t kMaxBuffered = 4u << 20;
constexpr std::uint64_t kMaxReferenceBytes = 512u << 20;

struct CurlDeleter
{
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct MultiDeleter
{
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
using CurlList = std::unique_ptr<curl_slist, CurlDeleter>;

/// libgit2's subtransport: one connection, one request at a time.
struct Subtransport
{
    git_smart_subtransport base {}; ///< first: libgit2 hands us its address
    HttpExchange* exchange = nullptr;
    std::unique_ptr<CURL, CurlDeleter> easy;
    std::unique_ptr<CURLM, MultiDeleter> multi;
};

/// One request and its answer.
struct Stream
{
    git_smart_subtransport_stream base {}; ///< first, as above
    Subtransport* owner = nullptr;
    bool isPost = false;
    bool started = false;
    bool finished = false;
    bool paused = false;
    bool checked = false; ///< status and type of the answer
    std::string target;
    std::string body; ///< of the request
    std::string buffer; ///< of the answer, not read yet
    std::size_t offset = 0;
    std::uint64_t received = 0;
    CurlList headers;
    std::array<char, CURL_ERROR_SIZE> message {};
};

int fail(HttpExchange& exchange, core::ErrorCode code, std::string message)
{
    git_error_set_str(GIT_ERROR_HTTP, message.c_str());
    if (!exchange.error)
        exchange.error =
            core::Error {code, std::move(message), {.object = exchange.url}, core::Fault::Git, {}};
    return -1;
}

int failWithStatus(HttpExchange& exchange, CURL* easy, long status)
{
    const char* location = nullptr;
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
    if (status >= 300 && status < 400)
        return fail(exchange, core::ErrorCode::Invalid,
                    "The server sends us to \""
                        + core::sanitised(
                            std::string_view(location != nullptr ? location : "").substr(0, 300))
                        + "\"; redirects are not followed, so put that URL in its place.");
    if (status == 401)
        return fail(exchange, core::ErrorCode::Unauthorized,
                    exchange.options->credential ? "The server refuses the credentials."
                                                 : "The server asks for credentials.");
    if (status == 403)
        return fail(exchange, core::ErrorCode::Forbidden, "The server forbids reading.");
    if (status == 404 || status == 410)
        return fail(exchange, core::ErrorCode::NotFound,
                    "The server has no such repository, or hides it.");
    if (status == 429)
        return fail(exchange, core::ErrorCode::TooManyRequests,
                    "The server says that it is asked too often.");
    return fail(exchange, status >= 500 ? core::ErrorCode::Unavailable : core::ErrorCode::Network,
                "The server answers with status " + std::to_string(status) + '.');
}

/// Status and content type, once the answer's head is there.
int checkHead(Stream& stream)
{
    stream.checked = true;
    CURL* easy = stream.owner->easy.get();
    long status = 0;
    const char* type = nullptr;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    if (status != 200)
        return failWithStatus(*stream.owner->exchange, easy, status);
    const std::string_view wanted = stream.isPost ? "application/x-git-upload-pack-result"
                                                  : "application/x-git-upload-pack-advertisement";
    if (type == nullptr || !std::string_view(type).starts_with(wanted))
        return fail(*stream.owner->exchange, core::ErrorCode::Invalid,
                    "The server does not speak Git's smart protocol at this URL.");
    return 0;
}

std::size_t onData(char* bytes, std::size_t one, std::size_t count, void* context)
{
    auto& stream = *static_cast<Stream*>(context);
    const std::size_t size = one * count;
    HttpExchange& exchange = *stream.owner->exchange;
    if (stream.buffer.size() - stream.offset + size > kMaxBuffered && !stream.buffer.empty()) {
        stream.paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (!stream.checked && checkHead(stream) != 0)
        return 0;
    stream.received += size;
    if (!stream.isPost && stream.received > kMaxReferenceBytes) {
        fail(exchange, core::ErrorCode::LimitExceeded, "The list of references has no end.");
        return 0;
    }
    exchange.watch->touch();
    stream.buffer.append(bytes, size);
    return size;
}

void configure(Subtransport& transport, Stream& stream)
{
    CURL* easy = transport.easy.get();
    const HttpOptions& options = *transport.exchange->options;
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, stream.target.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR,
                     stream.target.starts_with("https") ? "https" : "http");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NETRC, long(CURL_NETRC_IGNORED));
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options.caFile.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, options.caFile.c_str());
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    }
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, kExchangeSeconds);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, stream.message.data());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "git/2.0 (wavewright " WAVEWRIGHT_VERSION ")");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, onData);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &stream);
    const std::string accept = stream.isPost
        ? "Accept: application/x-git-upload-pack-result"
        : "Accept: application/x-git-upload-pack-advertisement";
    stream.headers.reset(curl_slist_append(nullptr, accept.c_str()));
    if (stream.isPost) {
        curl_slist_append(stream.headers.get(),
                          "Content-Type: application/x-git-upload-pack-request");
        curl_slist_append(stream.headers.get(), "Expect:");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(stream.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, stream.body.data());
    } else {
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, stream.headers.get());
    if (!options.credential)
        return;
    if (const std::optional<GitCredential> credential =
            options.credential(transport.exchange->url)) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(easy, CURLOPT_USERNAME, credential->username.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, credential->password.reveal().c_str());
    }
}

int failWithCurl(Stream& stream, CURLcode code)
{
    HttpExchange& exchange = *stream.owner->exchange;
    if (exchange.error) // told already: the answer itself was refused
        return fail(exchange, exchange.error->code, exchange.error->message);
    const std::string detail = core::sanitised(
        stream.message[0] != '\0' ? stream.message.data() : curl_easy_strerror(code));
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return fail(exchange, core::ErrorCode::Network,
                    "The server's certificate is not accepted: " + detail);
    return fail(exchange,
                code == CURLE_OPERATION_TIMEDOUT ? core::ErrorCode::Timeout
                                                 : core::ErrorCode::Network,
                "The connection failed: " + detail);
}

/// Lets curl work until something was read, or all is.
int pump(Stream& stream)
{
    CURLM* multi = stream.owner->multi.get();
    HttpExchange& exchange = *stream.owner->exchange;
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK)
        return fail(exchange, core::ErrorCode::Internal, "The connection failed within libcurl.");
    int left = 0;
    while (const CURLMsg* done = curl_multi_info_read(multi, &left)) {
        if (done->msg != CURLMSG_DONE)
            continue;
        stream.finished = true;
        if (done->data.result != CURLE_OK)
            return failWithCurl(stream, done->data.result);
        if (!stream.checked)
            return checkHead(stream); // an answer without a body
        return 0;
    }
    if (exchange.watch->isCancelled())
        return fail(exchange, core::ErrorCode::Cancelled, "The exchange was given up.");
    if (stream.offset == stream.buffer.size())
        curl_multi_poll(multi, nullptr, 0, kPollMilliseconds, nullptr);
    return 0;
}

int readStream(git_smart_subtransport_stream* base, char* out, std::size_t size,
               std::size_t* bytesRead)
{
    auto& stream = *reinterpret_cast<Stream*>(base);
    *bytesRead = 0;
    if (!stream.started) {
        stream.started = true;
        configure(*stream.owner, stream);
        curl_multi_add_handle(stream.owner->multi.get(), stream.owner->easy.get());
    }
    while (stream.offset == stream.buffer.size() && !stream.finished) {
        stream.buffer.clear();
        stream.offset = 0;
        if (stream.paused) {
            stream.paused = false;
            curl_easy_pause(stream.owner->easy.get(), CURLPAUSE_CONT);
        }
        if (pump(stream) != 0)
            return -1;
    }
    *bytesRead = std::min(size, stream.buffer.size() - stream.offset);
    std::memcpy(out, stream.buffer.data() + stream.offset, *bytesRead);
    stream.offset += *bytesRead;
    return 0;
}

int writeStream(git_smart_subtransport_stream* base, const char* bytes, std::size_t size)
{
    auto& stream = *reinterpret_cast<Stream*>(base);
    if (stream.started || !stream.isPost)
        return fail(*stream.owner->exchange, core::ErrorCode::Internal,
                    "libgit2 writes after the answer began.");
    stream.body.append(bytes, size);
    return 0;
}

void freeStream(git_smart_subtransport_stream* base)
{
    auto* stream = reinterpret_cast<Stream*>(base);
    if (stream->started)
        curl_multi_remove_handle(stream->owner->multi.get(), stream->owner->easy.get());
    delete stream;
}

int startAction(git_smart_subtransport_stream** out, git_smart_subtransport* base, const char*,
                git_smart_service_t service)
{
    auto* transport = reinterpret_cast<Subtransport*>(base);
    if (service != GIT_SERVICE_UPLOADPACK && service != GIT_SERVICE_UPLOADPACK_LS)
        return fail(*transport->exchange, core::ErrorCode::Internal, "Wavewright never pushes.");
    auto stream = std::make_unique<Stream>();
    stream->base.subtransport = base;
    stream->base.read = readStream;
    stream->base.write = writeStream;
    stream->base.free = freeStream;
    stream->owner = transport;
    stream->isPost = service == GIT_SERVICE_UPLOADPACK;
    stream->target = transport->exchange->url
        + (stream->isPost ? "/git-upload-pack" : "/info/refs?service=git-upload-pack");
    *out = &stream.release()->base;
    return 0;
}

int closeTransport(git_smart_subtransport*)
{
    return 0;
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
    transport->exchange = static_cast<HttpExchange*>(context);
    transport->easy.reset(curl_easy_init());
    transport->multi.reset(curl_multi_init());
    if (!transport->easy || !transport->multi)
        return fail(*transport->exchange, core::ErrorCode::Internal, "libcurl cannot start.");
    *out = &transport.release()->base;
    return 0;
}

} // namespace

int makeHttpTransport(git_transport** out, git_remote* owner, HttpExchange& exchange)
{
    git_smart_subtransport_definition definition {makeSubtransport, 1, &exchange};
    return git_transport_smart(out, owner, &definition);
}

} // namespace gitops
