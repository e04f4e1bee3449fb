// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/localport.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <deque>
#include <utility>

namespace gitops::practice {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

class Connection : public LocalPort, public std::enable_shared_from_this<Connection>
{
public:
    Connection(asio::io_context& io, Data data)
        : m_socket(io)
        , m_data(std::move(data))
    {
    }

    void start(std::uint16_t port)
    {
        m_socket.async_connect({asio::ip::address_v4::loopback(), port},
                               [self = shared_from_this()](boost::system::error_code error) {
                                   if (error)
                                       return self->end();
                                   self->m_isConnected = true;
                                   self->read();
                                   self->write();
                               });
    }
    void send(std::string_view bytes) override
    {
        m_out.emplace_back(bytes);
        if (m_isConnected && m_out.size() == 1)
            write();
    }
    void close() override
    {
        m_data = {};
        boost::system::error_code ignored;
        m_socket.close(ignored);
    }

private:
    void end()
    {
        if (const Data told = std::exchange(m_data, {}))
            told({});
        close();
    }
    void read()
    {
        m_socket.async_read_some(
            asio::buffer(m_chunk),
            [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                if (error)
                    return self->end();
                if (const Data told = self->m_data) // it may close us
                    told({self->m_chunk.data(), size});
                if (self->m_data)
                    self->read();
            });
    }
    void write()
    {
        if (m_out.empty())
            return;
        asio::async_write(
            m_socket, asio::buffer(m_out.front()),
            [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                if (error)
                    return self->end();
                self->m_out.pop_front();
                self->write();
            });
    }

    tcp::socket m_socket;
    Data m_data;
    std::deque<std::string> m_out;
    std::array<char, 16'384> m_chunk {};
    bool m_isConnected = false;
};

} // namespace

std::shared_ptr<LocalPort> LocalPort::connect(asio::io_context& io, std::uint16_t port, Data data)
{
    auto out = std::make_shared<Connection>(io, std::move(data));
    out->start(port);
    return out;
}

} // namespace gitops::practice
