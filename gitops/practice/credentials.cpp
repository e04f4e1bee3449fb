// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/credentials.h"

#include "core/base/strings.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <optional>
#include <unistd.h>

namespace gitops::practice {

namespace {

template<auto Free>
struct Deleter
{
    template<class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

constexpr long kDay = 24 * 3600;
constexpr long kCaDays = 3650;
constexpr long kServerDays = 825;
constexpr long kRenewDays = 30;

std::unexpected<core::Error> cryptoFailure(std::string_view what)
{
    return core::failure(core::ErrorCode::Internal, std::string(what), {}, core::Fault::Machine);
}

std::string textOf(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, std::size_t(size)};
}

std::string pemOf(X509* certificate)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return textOf(bio.get());
}

std::string pemOf(EVP_PKEY* key)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return textOf(bio.get());
}

Bio bioOf(std::string_view text)
{
    return Bio(BIO_new_mem_buf(text.data(), int(text.size())));
}

Certificate certificateOf(std::string_view pem)
{
    return Certificate(PEM_read_bio_X509(bioOf(pem).get(), nullptr, nullptr, nullptr));
}

Key keyOfPem(std::string_view pem)
{
    return Key(PEM_read_bio_PrivateKey(bioOf(pem).get(), nullptr, nullptr, nullptr));
}

std::optional<std::string> readText(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

void addExtension(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    if (extension)
        X509_add_ext(certificate, extension.get(), -1);
}

/// A certificate with everything but its extensions and signature.
Certificate blank(EVP_PKEY* key, const char* commonName, long days)
{
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    unsigned char serial[16];
    RAND_bytes(serial, sizeof serial);
    serial[0] &= 0x7f;
    const std::unique_ptr<BIGNUM, Deleter<BN_free>> number(
        BN_bin2bn(serial, sizeof serial, nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDay);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(commonName), -1, -1, 0);
    return certificate;
}

Certificate makeAuthority(EVP_PKEY* key)
{
    Certificate certificate = blank(key, "wavewright-practice-ca", kCaDays);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    addExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    addExtension(certificate.get(), certificate.get(), NID_key_usage,
                 "critical,keyCertSign,cRLSign");
    addExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
    if (X509_sign(certificate.get(), key, EVP_sha256()) == 0)
        return nullptr;
    return certificate;
}

Certificate makeServer(EVP_PKEY* key, X509* authority, EVP_PKEY* authorityKey)
{
    Certificate certificate = blank(key, "wavewright-practice", kServerDays);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(authority));
    addExtension(certificate.get(), authority, NID_basic_constraints, "critical,CA:FALSE");
    addExtension(certificate.get(), authority, NID_key_usage, "critical,digitalSignature");
    addExtension(certificate.get(), authority, NID_ext_key_usage, "serverAuth");
    addExtension(certificate.get(), authority, NID_authority_key_identifier, "keyid");
    addExtension(certificate.get(), authority, NID_subject_alt_name,
                 "IP:127.0.0.1,IP:0:0:0:0:0:0:0:1,DNS:localhost,DNS:kubernetes,"
                 "DNS:kubernetes.default,DNS:kubernetes.default.svc");
    if (X509_sign(certificate.get(), authorityKey, EVP_sha256()) == 0)
        return nullptr;
    return certificate;
}

bool lastsUntil(X509* certificate, core::WallTime when)
{
    std::time_t time = std::chrono::system_clock::to_time_t(when);
    return X509_cmp_time(X509_get0_notAfter(certificate), &time) > 0;
}

std::string randomToken()
{
    unsigned char bytes[32];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return {};
    std::string text;
    for (unsigned char byte : bytes)
        text += fmt::format("{:02x}", byte);
    return text;
}

/// Files of the folder; nothing is read or written when it is "".
struct Folder
{
    std::filesystem::path path;
    std::optional<std::string> read(std::string_view name) const
    {
        return path.empty() ? std::nullopt : readText(path / name);
    }
    core::Result<void> write(std::string_view name, std::string_view text) const
    {
        return path.empty() ? core::Result<void> {} : writePrivateFile(path / name, text);
    }
};

struct Pair
{
    Certificate certificate;
    Key key;
};

core::Result<Pair> authorityOf(const Folder& folder, core::WallTime now)
{
    const auto certificateText = folder.read("ca.crt");
    const auto keyText = folder.read("ca.key");
    if (certificateText && keyText) {
        Pair kept {certificateOf(*certificateText), keyOfPem(*keyText)};
        if (kept.certificate && kept.key && lastsUntil(kept.certificate.get(), now))
            return kept;
    }
    Pair made;
    made.key.reset(EVP_EC_gen("P-256"));
    if (made.key)
        made.certificate = makeAuthority(made.key.get());
    if (!made.certificate)
        return cryptoFailure("a certificate authority could not be made");
    if (auto written = folder.write("ca.key", pemOf(made.key.get())); !written)
        return std::unexpected(std::move(written).error());
    if (auto written = folder.write("ca.crt", pemOf(made.certificate.get())); !written)
        return std::unexpected(std::move(written).error());
    return made;
}

core::Result<Pair> serverOf(const Folder& folder, const Pair& authority, core::WallTime now)
{
    const auto certificateText = folder.read("server.crt");
    const auto keyText = folder.read("server.key");
    const core::WallTime soon = now + std::chrono::seconds(kRenewDays * kDay);
    if (certificateText && keyText) {
        Pair kept {certificateOf(*certificateText), keyOfPem(*keyText)};
        if (kept.certificate && kept.key && lastsUntil(kept.certificate.get(), soon)
            && X509_verify(kept.certificate.get(), authority.key.get()) == 1)
            return kept;
    }
    Pair made;
    made.key.reset(EVP_EC_gen("P-256"));
    if (made.key)
        made.certificate =
            makeServer(made.key.get(), authority.certificate.get(), authority.key.get());
    if (!made.certificate)
        return cryptoFailure("a server certificate could not be made");
    if (auto written = folder.write("server.key", pemOf(made.key.get())); !written)
        return std::unexpected(std::move(written).error());
    if (auto written = folder.write("server.crt", pemOf(made.certificate.get())); !written)
        return std::unexpected(std::move(written).error());
    return made;
}

} // namespace

core::Result<Credentials> loadOrMakeCredentials(const std::filesystem::path& path,
                                                core::WallTime now)
{
    const Folder folder {path};
    auto authority = authorityOf(folder, now);
    if (!authority)
        return std::unexpected(std::move(authority).error());
    auto server = serverOf(folder, *authority, now);
    if (!server)
        return std::unexpected(std::move(server).error());
    std::string token(core::trimmed(folder.read("token").value_or("")));
    if (token.size() < 32) {
        token = randomToken();
        if (token.empty())
            return cryptoFailure("the machine has no random numbers");
        if (auto written = folder.write("token", token + "\n"); !written)
            return std::unexpected(std::move(written).error());
    }
    return Credentials {pemOf(authority->certificate.get()), pemOf(server->certificate.get()),
                        core::Secret(pemOf(server->key.get())), core::Secret(std::move(token))};
}

std::string kubeconfigText(const Credentials& credentials, std::uint16_t port)
{
    return fmt::format(R"(apiVersion: v1
kind: Config
clusters:
- name: practice
  cluster:
    server: https://127.0.0.1:{}
    certificate-authority-data: {}
contexts:
- name: practice
  context:
    cluster: practice
    user: practice
current-context: practice
users:
- name: practice
  user:
    token: {}
)",
                       port, core::base64Encode(credentials.caCertificate),
                       credentials.token.reveal());
}

core::Result<void> writePrivateFile(const std::filesystem::path& file, std::string_view text)
{
    const std::filesystem::path fresh = file.string() + ".new";
    const auto failed = [&file](std::string_view what) -> core::Result<void> {
        return core::failure(core::ErrorCode::Disk, std::string(what) + ": " + std::strerror(errno),
                             {.file = file.string()}, core::Fault::Machine);
    };
    ::unlink(fresh.c_str());
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return failed("the file cannot be made");
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t written = ::write(descriptor, rest.data(), rest.size());
        if (written <= 0) {
            ::close(descriptor);
            return failed("the file cannot be written");
        }
        rest.remove_prefix(std::size_t(written));
    }
    ::fsync(descriptor);
    ::close(descriptor);
    if (::rename(fresh.c_str(), file.c_str()) != 0)
        return failed("the file cannot be put in place");
    return {};
}

} // namespace gitops::practice
