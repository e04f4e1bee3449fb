// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "tests/support/testcertificates.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tests {

/// A small HTTP/1.1 server on 127.0.0.1 whose answers, and misdeeds, a test scripts. One thread a
/// connection.
class LoopbackServer
{
public:
    struct Request
    {
        std::string method;
        std::string target;
        core::HttpHeaders headers;
        std::string body;
        int connection = 0; ///< counts from 1
        std::string peerName; ///< common name of the client's certificate
    };

    /// What a handler may do with a connection; blocking.
    class Connection
    {
    public:
        virtual ~Connection() = default;
        virtual bool write(std::string_view bytes) = 0;
        void respond(int status, std::string_view body, const core::HttpHeaders& headers = {});
        void beginChunked(int status);
        bool chunk(std::string_view bytes);
        void endChunked();
        virtual void reset() = 0; ///< RST instead of FIN; ends the connection
        virtual void close() = 0;
        virtual void waitForClient() = 0; ///< until the client closes
    };
    using Handler = std::function<void(Connection&, const Request&)>;

    struct Tls
    {
        TestIdentity identity;
        std::string clientCaPem; ///< asks for client certificates
    };

    LoopbackServer(std::optional<Tls> tls, Handler handler);
    ~LoopbackServer();
    int port() const;
    int connectionCount() const;
    std::string url(const std::string& host = "127.0.0.1") const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A port of 127.0.0.1 on which nobody listens at the moment.
int freePort();

} // namespace tests
