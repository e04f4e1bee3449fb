// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageuri.h"

#include "core/base/strings.h"

#include <algorithm>
#include <charconv>

namespace core {

namespace {

struct Scheme
{
    std::string_view scheme;
    std::string_view system;
};

constexpr Scheme kSchemes[] {
    {"s3", "s3"},
    {"s3a", "s3"},
    {"s3n", "s3"},
    {"minio", "s3"},
    {"postgres", "postgres"},
    {"postgresql", "postgres"},
    {"mysql", "mysql"},
    {"mariadb", "mysql"},
    {"mongodb", "mongodb"},
    {"mongodb+srv", "mongodb"},
    {"redis", "redis"},
    {"rediss", "redis"},
    {"amqp", "rabbitmq"},
    {"amqps", "rabbitmq"},
    {"rabbitmq", "rabbitmq"},
    {"kafka", "kafka"},
    {"cassandra", "cassandra"},
    {"cql", "cassandra"},
    {"http", "http"},
    {"https", "http"},
    {"grpc", "http"},
    {"tcp", "http"},
    {"ftp", "ftp"},
    {"sftp", "ftp"},
    {"nats", "nats"},
    {"mqtt", "mqtt"},
    {"zookeeper", "zookeeper"},
    {"file", ""},
    {"classpath", ""},
    {"local", ""},
};

bool isSchemeText(std::string_view text)
{
    return !text.empty() && text.size() <= 32
        && text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-")
        == std::string_view::npos;
}

/// SQLAlchemy writes "postgresql+psycopg2".
std::string_view withoutDriver(std::string_view scheme)
{
    return scheme == "mongodb+srv" ? scheme : scheme.substr(0, scheme.find('+'));
}

std::map<std::string, std::string> parseQuery(std::string_view text)
{
    std::map<std::string, std::string> out;
    if (text.empty())
        return out;
    for (const std::string_view part : split(text, '&')) {
        const std::size_t equals = part.find('=');
        if (out.size() < 200)
            out.emplace(part.substr(0, equals),
                        equals == std::string_view::npos ? "" : part.substr(equals + 1));
    }
    return out;
}

} // namespace

std::string systemOfScheme(std::string_view scheme)
{
    const std::string lower = toLower(withoutDriver(scheme));
    const auto* found = std::ranges::find(kSchemes, std::string_view(lower), &Scheme::scheme);
    return found == std::end(kSchemes) ? lower : std::string(found->system);
}

std::optional<LineageUri> parseLineageUri(std::string_view text)
{
    text = trimmed(text);
    if (text.size() > 4096)
        return std::nullopt;
    if (text.starts_with("jdbc:"))
        text.remove_prefix(5);
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || !isSchemeText(text.substr(0, colon)))
        return std::nullopt;
    LineageUri out;
    out.scheme = toLower(text.substr(0, colon));
    text.remove_prefix(colon + 3);
    const std::size_t question = text.find_first_of("?;");
    if (question != std::string_view::npos) {
        if (text[question] == '?')
            out.query = parseQuery(text.substr(question + 1));
        text = text.substr(0, question);
    }
    const std::size_t end = text.find('/');
    std::string_view authority = text.substr(0, end);
    // A password may hold an "@": the last one counts. One with a "/" in it hides behind the path.
    std::string_view path = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (const std::size_t at = text.rfind('@');
        at != std::string_view::npos && systemOfScheme(out.scheme) != "s3") {
        const std::string_view rest = text.substr(at + 1);
        const std::size_t slash = rest.find('/');
        authority = rest.substr(0, slash);
        path = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
    } else if (const std::size_t inside = authority.rfind('@'); inside != std::string_view::npos) {
        authority.remove_prefix(inside + 1);
    }
    out.authority = authority;
    while (path.ends_with('/'))
        path.remove_suffix(1);
    out.path = path;
    return out;
}

std::optional<LineageEnd> endOfUri(std::string_view text)
{
    const auto uri = parseLineageUri(text);
    if (!uri || uri->authority.empty())
        return std::nullopt;
    const std::string_view scheme = withoutDriver(uri->scheme);
    const std::string system = systemOfScheme(scheme);
    if (system.empty()
        || std::ranges::find(kSchemes, scheme, &Scheme::scheme) == std::end(kSchemes))
        return std::nullopt;
    LineageEnd out {.type = LineageEnd::Type::Host, .system = system, .host = uri->authority};
    if (system == "s3") {
        out.type = LineageEnd::Type::Data;
        out.host.clear();
        out.name = objectStorePath(uri->authority + "/" + uri->path);
        return out;
    }
    const bool hasName = system == "postgres" || system == "mysql" || system == "mongodb"
        || system == "cassandra" || system == "kafka";
    // A name that is only known when it runs ("$(POSTGRES_DB)") is none.
    if (hasName && !uri->path.empty() && uri->path.find('$') == uri->path.npos) {
        out.type = LineageEnd::Type::Data;
        out.name = uri->path;
        std::ranges::replace(out.name, '/', '.');
    }
    return out;
}

std::string objectStorePath(std::string_view bucketAndPath)
{
    const std::size_t wild = bucketAndPath.find_first_of("*?[{");
    if (wild != std::string_view::npos) {
        const std::size_t slash = bucketAndPath.rfind('/', wild);
        bucketAndPath = bucketAndPath.substr(0, slash == std::string_view::npos ? wild : slash);
    }
    std::string out;
    for (const std::string_view part : split(bucketAndPath, '/'))
        if (!part.empty() && part != ".")
            out += (out.empty() ? "" : "/") + std::string(part);
    return out;
}

int portOf(std::string_view host)
{
    const std::size_t colon = host.rfind(':');
    if (colon == std::string_view::npos || host.ends_with(']'))
        return 0;
    int out = 0;
    const std::string_view digits = host.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    const bool isPort = error == std::errc() && end == digits.data() + digits.size();
    return isPort && out > 0 && out < 65536 ? out : 0;
}

std::string_view withoutPort(std::string_view host)
{
    return portOf(host) ? host.substr(0, host.rfind(':')) : host;
}

} // namespace core
