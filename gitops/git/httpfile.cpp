// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/httpfile.h"

#include "core/base/strings.h"
#include "gitops/git/remoteurl.h"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string_view>

namespace gitops {

namespace {

constexpr long kConnectSeconds = 20;
constexpr long kMostRedirects = 10;
constexpr std::size_t kMostEtagBytes = 1024;

struct CurlDeleter
{
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One exchange, as curl's callbacks see it.
struct Exchange
{
    const HttpFileOptions& options;
    JobWatch& watch;
    HttpFile file = {};
    bool isTooLarge = false;
    std::array<char, CURL_ERROR_SIZE> message {};
};

std::size_t onData(char* bytes, std::size_t one, std::size_t count, void* context)
{
    auto& exchange = *static_cast<Exchange*>(context);
    const std::size_t size = one * count;
    exchange.isTooLarge = exchange.file.text.size() + size > exchange.options.maxBytes;
    if (exchange.isTooLarge)
        return 0;
    exchange.watch.touch();
    exchange.file.text.append(bytes, size);
    return size;
}

/// Each answer of a chain of redirects begins with a status line: only the last one's etag counts.
std::size_t onHeader(char* bytes, std::size_t one, std::size_t count, void* context)
{
    auto& exchange = *static_cast<Exchange*>(context);
    const std::string_view line(bytes, one * count);
    constexpr std::string_view kName = "etag:";
    if (line.starts_with("HTTP/"))
        exchange.file.etag.clear();
    else if (line.size() < kMostEtagBytes
             && core::equalsIgnoringCase(line.substr(0, kName.size()), kName))
        exchange.file.etag = core::trimmed(line.substr(kName.size()));
    return line.size();
}

int onProgress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<Exchange*>(context)->watch.isCancelled() ? 1 : 0;
}

void configure(CURL* easy, const RemoteUrl& url, Exchange& exchange)
{
    const HttpFileOptions& options = exchange.options;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, url.url.starts_with("https") ? "https" : "http");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kMostRedirects);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_NETRC, long(CURL_NETRC_IGNORED));
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options.caFile.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, options.caFile.c_str());
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    }
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, long(options.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(options.maxBytes));
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange.message.data());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "wavewright/" WAVEWRIGHT_VERSION);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, onData);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, onProgress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &exchange);
}

core::ErrorCode codeOf(long status)
{
    switch (status) {
    case 401:
        return core::ErrorCode::Unauthorized;
    case 403:
        return core::ErrorCode::Forbidden;
    case 404:
    case 410:
        return core::ErrorCode::NotFound;
    case 429:
        return core::ErrorCode::TooManyRequests;
    default:
        return status >= 500 ? core::ErrorCode::Unavailable : core::ErrorCode::Invalid;
    }
}

core::Error curlError(CURLcode code, const Exchange& exchange, const std::string& shown)
{
    const auto make = [&](core::ErrorCode kind, std::string message) {
        return core::Error {kind, std::move(message), {.object = shown}, core::Fault::Git, {}};
    };
    const std::string detail = core::sanitised(
        exchange.message[0] != '\0' ? exchange.message.data() : curl_easy_strerror(code));
    if (exchange.isTooLarge || code == CURLE_FILESIZE_EXCEEDED)
        return make(core::ErrorCode::LimitExceeded,
                    "The file is larger than " + std::to_string(exchange.options.maxBytes)
                        + " bytes.");
    if (exchange.watch.isCancelled())
        return make(core::ErrorCode::Timeout, "The server did not answer in time.");
    if (code == CURLE_OPERATION_TIMEDOUT)
        return make(core::ErrorCode::Timeout, "The server did not answer in time: " + detail);
    if (code == CURLE_UNSUPPORTED_PROTOCOL)
        return make(core::ErrorCode::Unsupported,
                    "The server sends us to a place that is not read by https.");
    if (code == CURLE_TOO_MANY_REDIRECTS)
        return make(core::ErrorCode::Invalid, "The server sends us from place to place.");
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return make(core::ErrorCode::Network,
                    "The server's certificate is not accepted: " + detail);
    return make(core::ErrorCode::Network, "The connection failed: " + detail);
}

} // namespace

core::Result<HttpFile> fetchHttpFile(const std::string& url, const std::string& etag,
                                     const HttpFileOptions& options, JobWatch& watch)
{
    auto checked = parseRemoteUrl(url);
    if (!checked)
        return std::unexpected(std::move(checked.error()));
    if (checked->local || !checked->ssh.host.empty() || !checked->url.starts_with("http"))
        return core::failure(core::ErrorCode::Unsupported, "Files from elsewhere come by https.",
                             {.object = checked->shown}, core::Fault::Repository);
    if (url.find('@') < std::min(url.find('/', url.find("://") + 3), url.size()))
        return core::failure(core::ErrorCode::Invalid,
                             "The URL carries a user name; files are read without credentials.",
                             {.object = checked->shown}, core::Fault::Repository);
    const std::unique_ptr<CURL, CurlDeleter> easy(curl_easy_init());
    if (!easy)
        return core::failure(core::ErrorCode::Internal, "libcurl cannot start.");
    const std::string shown = checked->shown.substr(0, checked->shown.find('?')); // tokens
    Exchange exchange {.options = options, .watch = watch};
    configure(easy.get(), *checked, exchange);
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    std::unique_ptr<curl_slist, CurlDeleter> headers;
    if (!etag.empty()) {
        headers.reset(curl_slist_append(nullptr, ("If-None-Match: " + etag).c_str()));
        curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
    }
    const CURLcode code = curl_easy_perform(easy.get());
    if (code != CURLE_OK)
        return std::unexpected(curlError(code, exchange, shown));
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == 304 && !etag.empty())
        return HttpFile {.text = {}, .etag = etag, .isUnchanged = true};
    if (status < 200 || status > 299)
        return core::failure(codeOf(status),
                             "The server answers with status " + std::to_string(status) + '.',
                             {.object = shown}, core::Fault::Git);
    return std::move(exchange.file);
}

} // namespace gitops
