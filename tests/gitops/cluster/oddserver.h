// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "gitops/cluster/clusteraccess.h"
#include "tests/support/loopbackserver.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <string>

namespace tests {

/// A WebSocket frame as a server writes it: 1 text, 2 binary, 8 close.
inline std::string frame(int opcode, const std::string& payload)
{
    std::string out {char(0x80 | opcode)};
    if (payload.size() < 126)
        out += char(payload.size());
    else
        out += {char(126), char(payload.size() >> 8), char(payload.size() & 0xff)};
    return out + payload;
}

/// An API server that answers every upgrade with a WebSocket of one protocol and does with it as it
/// is told, and every other request with a pod that runs.
class OddServer
{
public:
    using Misdeed = std::function<void(LoopbackServer::Connection&)>;

    OddServer(const std::string& protocol, const Misdeed& misdeed)
        : m_server(
              {},
              [protocol, misdeed](LoopbackServer::Connection& to,
                                  const LoopbackServer::Request& request) {
                  const std::string key(core::header(request.headers, "Sec-WebSocket-Key"));
                  if (key.empty()) {
                      to.respond(
                          200,
                          R"({"metadata":{"name":"p"},"status":{"phase":"Running"},"spec":{}})",
                          {{"Content-Type", "application/json"}});
                      return;
                  }
                  const QByteArray digest = QCryptographicHash::hash(
                      QByteArray::fromStdString(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"),
                      QCryptographicHash::Sha1);
                  to.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                           "Connection: Upgrade\r\nSec-WebSocket-Protocol: "
                           + protocol + "\r\nSec-WebSocket-Accept: "
                           + digest.toBase64().toStdString() + "\r\n\r\n");
                  misdeed(to);
              })
    {
        QFile file(m_folder.filePath("config"));
        (void)file.open(QIODevice::WriteOnly);
        file.write(
            QByteArray::fromStdString("apiVersion: v1\nkind: Config\ncurrent-context: c\n"
                                      "clusters: [{name: c, cluster: {server: \""
                                      + m_server.url()
                                      + "\"}}]\nusers: [{name: u, user: {}}]\n"
                                        "contexts: [{name: c, context: {cluster: c, user: u}}]\n"));
        file.close();
        gitops::KubeconfigSource source;
        source.explicitPath = file.fileName().toStdString();
        m_access = std::move(*gitops::ClusterAccess::open(source, {}));
    }
    gitops::ClusterAccess& access() { return *m_access; }

private:
    QTemporaryDir m_folder;
    LoopbackServer m_server;
    std::unique_ptr<gitops::ClusterAccess> m_access;
};

} // namespace tests
