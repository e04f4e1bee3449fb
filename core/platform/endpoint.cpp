// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/endpoint.h"

#include "core/base/strings.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kMaxEndpoints = 64;
constexpr std::size_t kMaxText = 1u << 20;

bool isHostCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
        || c == '.' || c == '_';
}

bool isSchemeCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+'
        || c == ':';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Labels of a DNS name: letters, digits and hyphens, none of them empty.
bool isHostName(std::string_view host)
{
    if (host.empty() || host.size() > 253 || host.front() == '.' || host.front() == '-')
        return false;
    for (std::string_view label : split(host, '.'))
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
            return false;
    return true;
}

bool hasLetter(std::string_view text)
{
    return std::ranges::any_of(text, [](char c) { return isHostCharacter(c) && !isDigit(c); });
}

int portIn(std::string_view text)
{
    int port = 0;
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    if (end == 0 || end > 5)
        return 0;
    std::from_chars(text.data(), text.data() + end, port);
    return port <= 65535 ? port : 0;
}

/// Walks over a text and takes endpoints out of it.
class Scanner
{
public:
    explicit Scanner(std::string_view text)
        : m_text(text.substr(0, kMaxText))
    {
    }

    std::vector<Endpoint> scan(bool allowBareHost)
    {
        if (allowBareHost && isBareHost())
            add({"", toLower(m_text), 0});
        for (m_at = 0; m_at < m_text.size() && m_found.size() < kMaxEndpoints;) {
            const std::size_t scheme = m_text.find("://", m_at);
            const std::size_t colon = m_text.find(':', m_at);
            if (colon == std::string_view::npos)
                break;
            if (scheme == colon)
                url(scheme);
            else
                hostAndPort(colon);
        }
        bareServices();
        return std::move(m_found);
    }

private:
    /// "host=queue.rabbitmq.svc.cluster.local": a name that can only be a Service's needs no port.
    void bareServices()
    {
        constexpr std::string_view kService = ".svc";
        constexpr std::string_view kDomain = ".cluster.local";
        for (std::size_t at = m_text.find(kService);
             at != std::string_view::npos && m_found.size() < kMaxEndpoints;
             at = m_text.find(kService, at + 1)) {
            std::size_t end = at + kService.size();
            if (m_text.substr(end).starts_with(kDomain))
                end += kDomain.size();
            if (end < m_text.size() && (isHostCharacter(m_text[end]) || m_text[end] == ':'))
                continue;
            std::size_t begin = at;
            while (begin > 0 && isHostCharacter(m_text[begin - 1]))
                --begin;
            const std::string_view host = m_text.substr(begin, end - begin);
            const std::string name = toLower(host);
            if (isHostName(host)
                && std::ranges::find(m_found, name, &Endpoint::host) == m_found.end())
                add({"", name, 0});
        }
    }

    bool isBareHost() const
    {
        return isHostName(m_text) && std::ranges::all_of(m_text, isHostCharacter);
    }

    void add(Endpoint endpoint)
    {
        if (std::ranges::find(m_found, endpoint) == m_found.end())
            m_found.push_back(std::move(endpoint));
    }

    /// "scheme://user:password@a:1,b:2/path": every host of the authority.
    void url(std::size_t at)
    {
        std::size_t begin = at;
        while (begin > 0 && isSchemeCharacter(m_text[begin - 1]))
            --begin;
        const std::string scheme = toLower(m_text.substr(begin, at - begin));
        const std::size_t from = at + 3;
        const std::size_t end =
            std::min(m_text.find_first_of("/?#\"' \t\r\n<>|;\\", from), m_text.size());
        std::string_view authority = m_text.substr(from, end - from);
        if (const std::size_t user = authority.rfind('@'); user != std::string_view::npos)
            authority.remove_prefix(user + 1);
        for (std::string_view part : split(authority, ','))
            urlHost(scheme, part);
        m_at = std::max(end, at + 3);
    }

    void urlHost(const std::string& scheme, std::string_view part)
    {
        if (part.starts_with('[')) {
            const std::size_t close = part.find(']');
            if (close == std::string_view::npos)
                return;
            const std::string_view rest = part.substr(close + 1);
            add({scheme, toLower(part.substr(1, close - 1)),
                 rest.starts_with(':') ? portIn(rest.substr(1)) : 0});
            return;
        }
        const std::size_t colon = part.find(':');
        const std::string_view host = part.substr(0, colon);
        const int port = colon == std::string_view::npos ? 0 : portIn(part.substr(colon + 1));
        if (isHostName(host) && std::ranges::all_of(host, isHostCharacter))
            add({scheme, toLower(host), port});
    }

    /// "host:9092" with nothing but digits behind the colon, up to where a word may end.
    void hostAndPort(std::size_t colon)
    {
        std::size_t begin = colon;
        while (begin > m_at && isHostCharacter(m_text[begin - 1]))
            --begin;
        const std::string_view host = m_text.substr(begin, colon - begin);
        std::size_t end = colon + 1;
        while (end < m_text.size() && isDigit(m_text[end]))
            ++end;
        const bool isWhole =
            end == m_text.size() || !(isHostCharacter(m_text[end]) || m_text[end] == ':');
        const bool isFree = begin == 0 || (m_text[begin - 1] != ':' && m_text[begin - 1] != '$');
        const int port = portIn(m_text.substr(colon + 1, end - colon - 1));
        if (port > 0 && isWhole && isFree && isHostName(host)
            && (hasLetter(host) || isAddress(host)))
            add({"", toLower(host), port});
        m_at = end;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<Endpoint> m_found;
};

} // namespace

std::vector<Endpoint> endpointsIn(std::string_view text, bool allowBareHost)
{
    return Scanner(trimmed(text)).scan(allowBareHost);
}

int defaultPort(std::string_view scheme)
{
    static constexpr std::pair<std::string_view, int> ports[] = {
        {"http", 80},       {"https", 443},       {"amqp", 5672},
        {"amqps", 5671},    {"redis", 6379},      {"rediss", 6379},
        {"postgres", 5432}, {"postgresql", 5432}, {"jdbc:postgresql", 5432},
        {"mysql", 3306},    {"jdbc:mysql", 3306}, {"mongodb", 27017},
        {"kafka", 9092},    {"nats", 4222},       {"grpc", 443},
        {"ldap", 389},      {"ldaps", 636},       {"smtp", 25},
    };
    // "postgresql+psycopg2" means what "postgresql" means.
    const std::string_view plain = scheme.substr(0, scheme.find('+'));
    for (const auto& [name, port] : ports)
        if (name == plain)
            return port;
    return 0;
}

std::vector<ServiceName> serviceCandidates(std::string_view host, std::string_view fromNamespace)
{
    while (host.ends_with('.'))
        host.remove_suffix(1);
    if (host.empty() || isAddress(host) || host == "localhost")
        return {};
    if (host.ends_with(".cluster.local"))
        host.remove_suffix(std::string_view(".cluster.local").size());
    const std::vector<std::string_view> labels = split(host, '.');
    const auto name = [](std::string_view space, std::string_view service) {
        return ServiceName {std::string(space), std::string(service)};
    };
    const std::size_t count = labels.size();
    if (count >= 3 && labels.back() == "svc")
        return {name(labels[count - 2], labels[count - 3])};
    if (count == 1)
        return {name(fromNamespace, labels[0])};
    if (count == 2) // a pod of a headless Service here, or a Service there
        return {name(fromNamespace, labels[1]), name(labels[1], labels[0])};
    return {};
}

bool isAddress(std::string_view host)
{
    if (host.find(':') != std::string_view::npos)
        return std::ranges::all_of(host, [](char c) {
            return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':'
                || c == '.';
        });
    const std::vector<std::string_view> parts = split(host, '.');
    return parts.size() == 4 && std::ranges::all_of(parts, [](std::string_view part) {
               return !part.empty() && part.size() <= 3 && std::ranges::all_of(part, isDigit);
           });
}

} // namespace core
