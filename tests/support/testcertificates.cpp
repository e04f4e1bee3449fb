// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testcertificates.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>

namespace tests {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key makeKey()
{
    return Key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
}

void addExtension(X509* certificate, X509* issuer, int id, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
    if (!extension)
        return;
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate makeCertificate(EVP_PKEY* key, const std::string& commonName, X509* issuer,
                            int firstDay, int lastDay)
{
    static std::atomic<long> serial = 1000;
    Certificate out(X509_new(), &X509_free);
    X509_set_version(out.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), 86'400L * firstDay);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), 86'400L * lastDay);
    X509_set_pubkey(out.get(), key);
    X509_NAME* name = X509_get_subject_name(out.get());
    const auto* text = reinterpret_cast<const unsigned char*>(commonName.c_str());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0);
    X509_set_issuer_name(out.get(), issuer ? X509_get_subject_name(issuer) : name);
    return out;
}

template<class Write>
std::string pemOf(Write write)
{
    BIO* bio = BIO_new(BIO_s_mem());
    write(bio);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string out(data, std::size_t(size));
    BIO_free(bio);
    return out;
}

std::string pemOf(X509* certificate)
{
    return pemOf([certificate](BIO* bio) { PEM_write_bio_X509(bio, certificate); });
}

} // namespace

struct TestAuthority::Private
{
    Key key {nullptr, &EVP_PKEY_free};
    Certificate certificate {nullptr, &X509_free};
};

TestAuthority::TestAuthority(const std::string& commonName)
    : d(std::make_unique<Private>())
{
    d->key = makeKey();
    d->certificate = makeCertificate(d->key.get(), commonName, nullptr, -30, 30);
    X509* certificate = d->certificate.get();
    addExtension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
    addExtension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    addExtension(certificate, certificate, NID_subject_key_identifier, "hash");
    X509_sign(certificate, d->key.get(), EVP_sha256());
    m_pem = pemOf(certificate);
}

TestAuthority::~TestAuthority() = default;

TestIdentity TestAuthority::issue(const std::string& commonName, const std::string& subjectAltName,
                                  int firstDay, int lastDay) const
{
    const Key key = makeKey();
    X509* issuer = d->certificate.get();
    const Certificate certificate =
        makeCertificate(key.get(), commonName, issuer, firstDay, lastDay);
    if (!subjectAltName.empty())
        addExtension(certificate.get(), issuer, NID_subject_alt_name, subjectAltName);
    X509_sign(certificate.get(), d->key.get(), EVP_sha256());
    return {pemOf(certificate.get()), pemOf([&key](BIO* bio) {
                PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

} // namespace tests
