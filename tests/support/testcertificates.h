// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

namespace tests {

/// A certificate with its key, both PEM.
struct TestIdentity
{
    std::string certificatePem;
    std::string keyPem;
};

/// A certificate authority that lives as long as a test. Keys are P-256, made in a millisecond.
class TestAuthority
{
public:
    explicit TestAuthority(const std::string& commonName = "test authority");
    ~TestAuthority();

    const std::string& certificatePem() const { return m_pem; }
    /// subjectAltName as OpenSSL writes it: "DNS:localhost,IP:127.0.0.1"; "" for a client's.
    /// Valid from firstDay to lastDay, in days from now.
    TestIdentity issue(const std::string& commonName, const std::string& subjectAltName,
                       int firstDay = -1, int lastDay = 1) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
    std::string m_pem;
};

} // namespace tests
