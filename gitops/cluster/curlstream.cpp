// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/curlstream.h"

#include "core/base/strings.h"

#include <array>
#include <unistd.h>

namespace gitops {

core::Result<CurlEasyPtr> connectTo(const CurlEndpoint& endpoint)
{
    CurlEasyPtr easy(curl_easy_init());
    if (!easy)
        return core::failure(core::ErrorCode::Internal, "libcurl gives no handle");
    std::array<char, CURL_ERROR_SIZE> text {};
    endpoint.apply(easy.get());
    const std::string url = endpoint.url("/");
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, text.data());
    curl_easy_setopt(easy.get(), CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_1_1));
    const CURLcode code = curl_easy_perform(easy.get());
    const std::string reason = text[0] ? text.data() : curl_easy_strerror(code);
    curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    if (code != CURLE_OK)
        return core::failure(code == CURLE_OPERATION_TIMEDOUT ? core::ErrorCode::Timeout
                                                              : core::ErrorCode::Network,
                             "the server cannot be reached: " + core::sanitised(reason),
                             {.object = endpoint.server()}, core::Fault::Cluster);
    return easy;
}

CurlStream::CurlStream(const executor_type& executor, CurlEasyPtr easy)
    : m_easy(std::move(easy))
    , m_socket(executor)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(m_easy.get(), CURLINFO_ACTIVESOCKET, &socket);
    Error ignored; // a descriptor that cannot be watched fails the first wait
    if (socket != CURL_SOCKET_BAD)
        m_socket.assign(::dup(socket), ignored);
}

void CurlStream::close()
{
    Error ignored;
    m_socket.close(ignored);
}

CurlStream::Step CurlStream::receive(void* to, std::size_t size, std::size_t& moved)
{
    if (!m_socket.is_open())
        return Step::Failed;
    const CURLcode code = curl_easy_recv(m_easy.get(), to, size, &moved);
    return code == CURLE_OK ? Step::Done : code == CURLE_AGAIN ? Step::Again : Step::Failed;
}

CurlStream::Step CurlStream::send(const void* from, std::size_t size, std::size_t& moved)
{
    if (!m_socket.is_open())
        return Step::Failed;
    const CURLcode code = curl_easy_send(m_easy.get(), from, size, &moved);
    if (code == CURLE_OK && moved == 0)
        return Step::Again;
    return code == CURLE_OK ? Step::Done : code == CURLE_AGAIN ? Step::Again : Step::Failed;
}

void beast_close_socket(CurlStream& stream)
{
    stream.close();
}

void teardown(boost::beast::role_type, CurlStream& stream, CurlStream::Error& error)
{
    error = {};
    stream.close();
}

} // namespace gitops
