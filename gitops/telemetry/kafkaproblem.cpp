// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/kafkaproblem.h"

#include <array>
#include <string>

namespace gitops {

namespace {

/// What OpenSSL's number of a refusal means (X509_V_ERR_…).
std::string certificateText(int error)
{
    switch (error) {
    case 9: // CERT_NOT_YET_VALID
        return "the broker's certificate is not valid yet";
    case 10: // CERT_HAS_EXPIRED
        return "the broker's certificate has expired";
    case 18: // DEPTH_ZERO_SELF_SIGNED_CERT
    case 19: // SELF_SIGNED_CERT_IN_CHAIN
    case 20: // UNABLE_TO_GET_ISSUER_CERT_LOCALLY
    case 21: // UNABLE_TO_VERIFY_LEAF_SIGNATURE
        return "the broker's certificate is not of the authority that is trusted here (caFile, or "
               "ca.crt of the Secret)";
    case 62: // HOSTNAME_MISMATCH
    case 64: // IP_ADDRESS_MISMATCH
        return "the broker's certificate is made out to another name";
    default:
        return "the broker's certificate is not accepted (OpenSSL's error " + std::to_string(error)
            + ")";
    }
}

struct Pattern
{
    std::string_view sign;
    core::ErrorCode code;
    std::string_view sentence;
};

using core::ErrorCode;

constexpr std::array<Pattern, 11> kPatterns {{
    {"invalid credentials", ErrorCode::Unauthorized,
     "the broker does not accept the user name or the password"},
    {"Request not valid in current SASL state", ErrorCode::Unauthorized,
     "this listener knows no SASL: leave the mechanism out, or take the port of one that does"},
    {"might require SASL", ErrorCode::Unauthorized,
     "this listener wants a user (SASL): name mechanism, username and passwordFile, or a "
     "KafkaUser's Secret"},
    {"while requesting ApiVersion", ErrorCode::Network,
     "this listener does not speak without TLS: set tls, or take the port of a plain one"},
    {"unexpected eof while reading", ErrorCode::Network,
     "this listener does not speak TLS: leave tls out, or take the port of one that does"},
    {"wrong version number", ErrorCode::Network,
     "this listener does not speak TLS: leave tls out, or take the port of one that does"},
    {"alert unknown ca", ErrorCode::Unauthorized,
     "the broker does not know the authority of our certificate"},
    {"alert certificate unknown", ErrorCode::Unauthorized,
     "the broker does not accept our certificate"},
    {"alert certificate expired", ErrorCode::Unauthorized, "our certificate has expired"},
    {"certificate verify failed", ErrorCode::Network,
     "the broker's certificate could not be verified"},
    {"Invalid response size", ErrorCode::Network,
     "what answers is no Kafka broker; behind a practice cluster nothing real runs, and figures "
     "need --simulated-traffic"},
}};

constexpr std::string_view kWantsCertificate =
    "this listener wants a certificate: name certificateFile and keyFile, or a KafkaUser's Secret";

/// "b:9093" of "sasl_ssl://b:9093/bootstrap: …"; "" when it begins otherwise.
std::string_view addressOf(std::string_view said)
{
    const std::size_t slash = said.find("://");
    const std::string_view rest = slash == said.npos ? said : said.substr(slash + 3);
    const std::size_t end = rest.find('/');
    if (end == rest.npos || rest.substr(0, end).find(' ') != rest.npos)
        return {};
    return rest.substr(0, end);
}

/// Without the address, and without how often and how long it tried.
std::string_view wordsOf(std::string_view said)
{
    const std::string_view address = addressOf(said);
    const std::size_t colon = address.empty() ? said.npos : said.find(": ");
    const std::string_view words = colon == said.npos ? said : said.substr(colon + 2);
    return words.substr(0, words.find(" (after "));
}

core::Error problem(ErrorCode code, std::string_view said, std::string_view sentence)
{
    const std::string_view address = addressOf(said);
    return {code,
            (address.empty() ? "" : std::string(address) + ": ") + std::string(sentence),
            {},
            core::Fault::Cluster,
            {}};
}

/// "SCRAM-SHA-512" of what the broker says that it takes.
std::string mechanismText(std::string_view words)
{
    constexpr std::string_view kSign = "supported mechanisms: ";
    const std::size_t at = words.find(kSign);
    const std::string_view list = at == words.npos ? "" : words.substr(at + kSign.size());
    return "this listener does not take the mechanism of SASL that was chosen"
        + (list.empty() ? std::string() : "; it takes " + std::string(list));
}

} // namespace

core::Error kafkaProblem(std::string_view said, int certificateError, bool hasCertificate)
{
    if (certificateError != 0)
        return problem(ErrorCode::Network, said, certificateText(certificateError));
    const std::string_view words = wordsOf(said);
    if (words.find("Unsupported SASL mechanism") != words.npos)
        return problem(ErrorCode::Unauthorized, said, mechanismText(words));
    const bool isWanted = words.find("alert bad certificate") != words.npos
        || words.find("certificate required") != words.npos;
    if (isWanted)
        return problem(ErrorCode::Unauthorized, said,
                       hasCertificate ? "the broker does not accept our certificate"
                                      : kWantsCertificate);
    for (const Pattern& pattern : kPatterns)
        if (words.find(pattern.sign) != words.npos)
            return problem(pattern.code, said, pattern.sentence);
    return problem(ErrorCode::Network, said, words);
}

} // namespace gitops
