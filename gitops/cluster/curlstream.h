// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/cluster/curlendpoint.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace gitops {

struct CurlEasyDeleter
{
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using CurlEasyPtr = std::unique_ptr<CURL, CurlEasyDeleter>;

/// Connects to the server and no more: address, proxy, TLS and client certificate are libcurl's, as
/// they are for every request, and what follows on the wire is the caller's. Waits for the
/// connection (connectTimeout at most).
core::Result<CurlEasyPtr> connectTo(const CurlEndpoint& endpoint);

/// Bytes over such a connection, as Beast reads and writes them. Lives on one io_context.
class CurlStream
{
public:
    using executor_type = boost::asio::any_io_executor;
    using Error = boost::system::error_code;

    CurlStream(const executor_type& executor, CurlEasyPtr easy);
    executor_type get_executor() { return m_socket.get_executor(); }
    /// Ends what waits; the connection goes with this object.
    void close();

    template<class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        return boost::asio::async_compose<Token, void(Error, std::size_t)>(
            Transfer<Buffers, true> {this, buffers}, token, m_socket);
    }
    template<class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        return boost::asio::async_compose<Token, void(Error, std::size_t)>(
            Transfer<Buffers, false> {this, buffers}, token, m_socket);
    }

private:
    enum class Step
    {
        Done,
        Again,
        Failed
    };
    template<class Buffers, bool isRead>
    struct Transfer
    {
        CurlStream* stream;
        Buffers buffers;
        bool isStarted = false;

        template<class Self>
        void operator()(Self& self, Error error = {})
        {
            if (!std::exchange(isStarted, true)) {
                // A handler is never called inside the function that began the transfer.
                boost::asio::post(stream->get_executor(), std::move(self));
                return;
            }
            if (error)
                return self.complete(error, 0);
            std::size_t moved = 0;
            switch (stream->move<isRead>(buffers, moved)) {
            case Step::Done:
                if (isRead && moved == 0 && boost::asio::buffer_size(buffers) > 0)
                    return self.complete(boost::asio::error::eof, 0);
                return self.complete({}, moved);
            case Step::Failed:
                return self.complete(boost::asio::error::connection_reset, 0);
            case Step::Again:
                break;
            }
            using Descriptor = boost::asio::posix::descriptor_base;
            stream->m_socket.async_wait(isRead ? Descriptor::wait_read : Descriptor::wait_write,
                                        std::move(self));
        }
    };

    template<bool isRead, class Buffers>
    Step move(const Buffers& buffers, std::size_t& moved)
    {
        for (auto it = boost::asio::buffer_sequence_begin(buffers);
             it != boost::asio::buffer_sequence_end(buffers); ++it) {
            const std::conditional_t<isRead, boost::asio::mutable_buffer, boost::asio::const_buffer>
                buffer(*it);
            if (buffer.size() == 0)
                continue;
            if constexpr (isRead)
                return receive(buffer.data(), buffer.size(), moved);
            else
                return send(buffer.data(), buffer.size(), moved);
        }
        return Step::Done;
    }
    Step receive(void* to, std::size_t size, std::size_t& moved);
    Step send(const void* from, std::size_t size, std::size_t& moved);

    CurlEasyPtr m_easy;
    boost::asio::posix::stream_descriptor m_socket; ///< a duplicate: only waited on
};

void beast_close_socket(CurlStream& stream);
void teardown(boost::beast::role_type role, CurlStream& stream, CurlStream::Error& error);
template<class Handler>
void async_teardown(boost::beast::role_type, CurlStream& stream, Handler&& handler)
{
    boost::asio::post(stream.get_executor(), [kept = std::forward<Handler>(handler)]() mutable {
        kept(CurlStream::Error());
    });
}

} // namespace gitops
