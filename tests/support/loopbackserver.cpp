// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/loopbackserver.h"

#include "core/base/strings.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <csignal>
#include <mutex>
#include <netinet/tcp.h>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace tests {

namespace {

template<class T, class Read>
T* fromPem(const std::string& pem, Read read)
{
    BIO* bio = BIO_new_mem_buf(pem.data(), int(pem.size()));
    T* out = read(bio);
    BIO_free(bio);
    return out;
}

X509* certificateFrom(const std::string& pem)
{
    return fromPem<X509>(
        pem, [](BIO* bio) { return PEM_read_bio_X509(bio, nullptr, nullptr, nullptr); });
}

SSL_CTX* makeContext(const LoopbackServer::Tls& tls)
{
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    X509* certificate = certificateFrom(tls.identity.certificatePem);
    EVP_PKEY* key = fromPem<EVP_PKEY>(tls.identity.keyPem, [](BIO* bio) {
        return PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    });
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    if (!tls.clientCaPem.empty()) {
        X509* ca = certificateFrom(tls.clientCaPem);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca);
        SSL_CTX_add_client_CA(context, ca);
        X509_free(ca);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    return context;
}

/// A socket, with TLS or without.
class Stream : public LoopbackServer::Connection
{
public:
    Stream(int socket, SSL_CTX* context)
        : m_socket(socket)
        , m_ssl(context ? SSL_new(context) : nullptr)
    {
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (m_ssl)
            SSL_set_fd(m_ssl, socket);
    }
    ~Stream() override
    {
        if (m_ssl) {
            if (!m_isReset)
                SSL_shutdown(m_ssl);
            SSL_free(m_ssl);
        }
    }
    bool accept() { return !m_ssl || SSL_accept(m_ssl) == 1; }
    bool write(std::string_view bytes) override
    {
        while (!bytes.empty()) {
            const auto count = m_ssl
                ? long(SSL_write(m_ssl, bytes.data(), int(bytes.size())))
                : long(::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
            if (count <= 0)
                return false;
            bytes.remove_prefix(std::size_t(count));
        }
        return true;
    }
    bool read(std::string& out)
    {
        char buffer[16384];
        const auto count = m_ssl ? long(SSL_read(m_ssl, buffer, sizeof buffer))
                                 : long(::recv(m_socket, buffer, sizeof buffer, 0));
        if (count <= 0)
            return false;
        out.append(buffer, std::size_t(count));
        return true;
    }
    void reset() override
    {
        const linger rude {.l_onoff = 1, .l_linger = 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &rude, sizeof rude);
        m_isReset = m_isOver = true;
    }
    void close() override { m_isOver = true; }
    void waitForClient() override
    {
        std::string ignored;
        while (read(ignored))
            ignored.clear();
        m_isOver = true;
    }
    bool isOver() const { return m_isOver; }
    std::string peerName() const
    {
        X509* peer = m_ssl ? SSL_get1_peer_certificate(m_ssl) : nullptr;
        if (!peer)
            return {};
        char name[256] = {};
        X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName, name, sizeof name);
        X509_free(peer);
        return name;
    }

private:
    int m_socket;
    SSL* m_ssl;
    bool m_isOver = false;
    bool m_isReset = false;
};

/// Reads one request with Content-Length or chunks; false at the end of the connection.
bool readRequest(Stream& stream, std::string& buffer, LoopbackServer::Request& request)
{
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
        if (!stream.read(buffer))
            return false;
    const std::string head = buffer.substr(0, end);
    buffer.erase(0, end + 4);
    const auto lines = core::split(head, '\n');
    const auto words = core::split(core::trimmed(lines[0]), ' ');
    if (words.size() < 2)
        return false;
    request.method = words[0];
    request.target = words[1];
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto colon = lines[i].find(':');
        if (colon != std::string_view::npos)
            request.headers.emplace_back(lines[i].substr(0, colon),
                                         core::trimmed(lines[i].substr(colon + 1)));
    }
    const std::string_view length = core::header(request.headers, "Content-Length");
    const std::size_t size = length.empty() ? 0 : std::stoul(std::string(length));
    while (buffer.size() < size)
        if (!stream.read(buffer))
            return false;
    request.body = buffer.substr(0, size);
    buffer.erase(0, size);
    return true;
}

} // namespace

void LoopbackServer::Connection::respond(int status, std::string_view body,
                                         const core::HttpHeaders& headers)
{
    std::string text = "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n";
    for (const auto& [name, value] : headers)
        text += name + ": " + value + "\r\n";
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    text += body;
    write(text);
}

void LoopbackServer::Connection::beginChunked(int status)
{
    write("HTTP/1.1 " + std::to_string(status)
          + " Whatever\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
}

bool LoopbackServer::Connection::chunk(std::string_view bytes)
{
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return write(size + std::string(bytes) + "\r\n");
}

void LoopbackServer::Connection::endChunked()
{
    write("0\r\n\r\n");
}

struct LoopbackServer::Private
{
    Handler handler;
    SSL_CTX* context = nullptr;
    int listener = -1;
    int port = 0;
    std::atomic<int> connections = 0;
    std::mutex mutex;
    std::set<int> open; ///< sockets
    std::vector<std::thread> threads; ///< of connections
    bool isStopping = false;
    std::thread acceptor;

    void acceptAll()
    {
        while (true) {
            const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0)
                return;
            const std::lock_guard lock(mutex);
            if (isStopping) {
                ::close(socket);
                return;
            }
            open.insert(socket);
            threads.emplace_back([this, socket, number = ++connections] { serve(socket, number); });
        }
    }

    void serve(int socket, int number)
    {
        {
            Stream stream(socket, context);
            std::string buffer;
            if (stream.accept()) {
                Request request;
                while (!stream.isOver() && readRequest(stream, buffer, request)) {
                    request.connection = number;
                    request.peerName = stream.peerName();
                    handler(stream, request);
                    request = {};
                }
            }
        }
        const std::lock_guard lock(mutex);
        open.erase(socket);
        ::close(socket);
    }
};

LoopbackServer::LoopbackServer(std::optional<Tls> tls, Handler handler)
    : d(std::make_unique<Private>())
{
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    d->handler = std::move(handler);
    if (tls)
        d->context = makeContext(*tls);
    d->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* general = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    (void)::bind(d->listener, general, size);
    (void)::listen(d->listener, 256);
    (void)::getsockname(d->listener, general, &size);
    d->port = ntohs(address.sin_port);
    d->acceptor = std::thread([this] { d->acceptAll(); });
}

LoopbackServer::~LoopbackServer()
{
    {
        const std::lock_guard lock(d->mutex);
        d->isStopping = true;
        for (const int socket : d->open)
            ::shutdown(socket, SHUT_RDWR);
    }
    ::shutdown(d->listener, SHUT_RDWR);
    d->acceptor.join();
    ::close(d->listener);
    for (std::thread& thread : d->threads)
        thread.join();
    SSL_CTX_free(d->context);
}

int LoopbackServer::port() const
{
    return d->port;
}

int LoopbackServer::connectionCount() const
{
    return d->connections;
}

int freePort()
{
    return LoopbackServer(std::nullopt, {}).port();
}

std::string LoopbackServer::url(const std::string& host) const
{
    return std::string(d->context ? "https://" : "http://") + host + ":" + std::to_string(d->port);
}

} // namespace tests
