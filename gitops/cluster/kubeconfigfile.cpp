// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/kubeconfigfile.h"

#include "core/base/strings.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace gitops {

namespace {

constexpr std::size_t kMaxBytes = 1u << 20;
constexpr std::size_t kMaxLine = 512u << 10;
constexpr int kMaxDepth = 50;

/// Thrown inside this file only, caught in parse.
struct Refused
{
    core::Error error;
};

class Reader
{
public:
    explicit Reader(const std::string& path)
        : m_path(path)
        , m_folder(std::filesystem::path(path).parent_path())
    {
    }

    core::Place placeOf(const YAML::Node& node) const
    {
        return {.file = m_path,
                .line = std::max(0, node.Mark().line + 1),
                .column = std::max(0, node.Mark().column + 1)};
    }
    [[noreturn]] void refuse(const YAML::Node& node, std::string message) const
    {
        throw Refused {
            {core::ErrorCode::Invalid, std::move(message), placeOf(node), core::Fault::User, {}}};
    }

    /// The member, or an undefined node. A parent that is absent or null has no members.
    YAML::Node member(const YAML::Node& parent, const char* name) const
    {
        if (!parent.IsDefined() || parent.IsNull())
            return YAML::Node(YAML::NodeType::Undefined);
        if (!parent.IsMap())
            refuse(parent, "a mapping is expected here");
        return parent[name];
    }
    std::string text(const YAML::Node& parent, const char* name) const
    {
        const YAML::Node node = member(parent, name);
        if (!node.IsDefined() || node.IsNull())
            return {};
        if (!node.IsScalar())
            refuse(node, std::string(name) + " must be a text");
        if (node.Scalar().find('\0') != std::string::npos)
            refuse(node, std::string(name) + " holds a NUL byte");
        return node.Scalar();
    }
    core::Secret secret(const YAML::Node& parent, const char* name) const
    {
        return core::Secret(text(parent, name));
    }
    bool flag(const YAML::Node& parent, const char* name) const
    {
        const std::string value = core::toLower(text(parent, name));
        if (value.empty() || value == "false")
            return false;
        if (value != "true")
            refuse(member(parent, name), std::string(name) + " must be true or false");
        return true;
    }
    std::string pathText(const YAML::Node& parent, const char* name) const
    {
        const std::string value = text(parent, name);
        if (value.empty())
            return {};
        return (m_folder / value).lexically_normal().string(); // an absolute value stays
    }
    std::vector<std::string> texts(const YAML::Node& node, const char* name) const
    {
        std::vector<std::string> out;
        if (!node.IsDefined() || node.IsNull())
            return out;
        if (!node.IsSequence())
            refuse(node, std::string(name) + " must be a list of texts");
        for (const YAML::Node& item : node) {
            if (!item.IsScalar())
                refuse(item, std::string(name) + " must be a list of texts");
            out.push_back(item.Scalar());
        }
        return out;
    }

    /// Calls read(name, body) for each {name: …, key: {…}} of a list.
    template<class Read>
    void eachNamed(const YAML::Node& root, const char* list, const char* key, Read read) const
    {
        const YAML::Node node = member(root, list);
        if (!node.IsDefined() || node.IsNull())
            return;
        if (!node.IsSequence())
            refuse(node, std::string(list) + " must be a list");
        for (const YAML::Node& item : node) {
            const std::string name = text(item, "name");
            if (name.empty())
                refuse(item, std::string("an entry of ") + list + " has no name");
            const YAML::Node body = member(item, key);
            if (!read(name, body.IsDefined() && !body.IsNull() ? body : YAML::Node(), item))
                refuse(item,
                       std::string(list) + " has two entries named \"" + core::sanitised(name)
                           + "\"");
        }
    }

private:
    std::string m_path;
    std::filesystem::path m_folder;
};

KubeconfigCluster readCluster(const Reader& reader, const YAML::Node& body)
{
    KubeconfigCluster cluster;
    cluster.server = reader.text(body, "server");
    cluster.tlsServerName = reader.text(body, "tls-server-name");
    cluster.insecureSkipTlsVerify = reader.flag(body, "insecure-skip-tls-verify");
    cluster.caFile = reader.pathText(body, "certificate-authority");
    cluster.caData = reader.text(body, "certificate-authority-data");
    cluster.proxyUrl = reader.secret(body, "proxy-url");
    cluster.disableCompression = reader.flag(body, "disable-compression");
    return cluster;
}

Impersonation readImpersonation(const Reader& reader, const YAML::Node& body)
{
    Impersonation out;
    out.user = reader.text(body, "as");
    out.uid = reader.text(body, "as-uid");
    out.groups = reader.texts(reader.member(body, "as-groups"), "as-groups");
    const YAML::Node extra = reader.member(body, "as-user-extra");
    if (!extra.IsDefined() || extra.IsNull())
        return out;
    if (!extra.IsMap())
        reader.refuse(extra, "as-user-extra must be a mapping of lists");
    for (const auto& entry : extra) {
        if (!entry.first.IsScalar())
            reader.refuse(entry.first, "a key of as-user-extra must be a text");
        out.extra[entry.first.Scalar()] = reader.texts(entry.second, "as-user-extra");
    }
    return out;
}

ExecPlugin readExec(const Reader& reader, const YAML::Node& body)
{
    ExecPlugin exec;
    exec.place = reader.placeOf(body);
    exec.command = reader.text(body, "command");
    if (exec.command.find('/') != std::string::npos)
        exec.command = reader.pathText(body, "command");
    exec.arguments = reader.texts(reader.member(body, "args"), "args");
    exec.apiVersion = reader.text(body, "apiVersion");
    exec.interactiveMode = reader.text(body, "interactiveMode");
    exec.installHint = reader.text(body, "installHint");
    exec.provideClusterInfo = reader.flag(body, "provideClusterInfo");
    const YAML::Node environment = reader.member(body, "env");
    if (!environment.IsDefined() || environment.IsNull())
        return exec;
    if (!environment.IsSequence())
        reader.refuse(environment, "env must be a list of names and values");
    for (const YAML::Node& item : environment)
        exec.environment.emplace_back(reader.text(item, "name"), reader.secret(item, "value"));
    return exec;
}

KubeconfigUser readUser(const Reader& reader, const YAML::Node& body)
{
    KubeconfigUser user;
    user.certificateFile = reader.pathText(body, "client-certificate");
    user.certificateData = reader.secret(body, "client-certificate-data");
    user.keyFile = reader.pathText(body, "client-key");
    user.keyData = reader.secret(body, "client-key-data");
    user.token = reader.secret(body, "token");
    user.tokenFile = reader.pathText(body, "tokenFile");
    user.username = reader.text(body, "username");
    user.password = reader.secret(body, "password");
    user.impersonates = reader.member(body, "as").IsDefined();
    user.impersonation = readImpersonation(reader, body);
    if (const YAML::Node exec = reader.member(body, "exec"); exec.IsDefined() && !exec.IsNull())
        user.exec = readExec(reader, exec);
    if (const YAML::Node provider = reader.member(body, "auth-provider");
        provider.IsDefined() && !provider.IsNull())
        user.authProvider = reader.text(provider, "name");
    return user;
}

KubeconfigFile readFile(const YAML::Node& root, const std::string& path)
{
    const Reader reader(path);
    KubeconfigFile file;
    file.path = path;
    if (root.IsNull()) // an empty file is an empty configuration
        return file;
    if (!root.IsMap())
        reader.refuse(root,
                      "this is no kubeconfig: a mapping with clusters, users and contexts "
                      "is expected");
    const std::string kind = reader.text(root, "kind");
    if (!kind.empty() && kind != "Config")
        reader.refuse(reader.member(root, "kind"),
                      "this is no kubeconfig: its kind is \"" + core::sanitised(kind)
                          + "\" instead of Config");
    file.currentContext = reader.text(root, "current-context");
    reader.eachNamed(root, "clusters", "cluster",
                     [&](const std::string& name, const YAML::Node& body, const YAML::Node& item) {
                         auto [it, isNew] =
                             file.clusters.try_emplace(name, readCluster(reader, body));
                         it->second.place = reader.placeOf(item);
                         return isNew;
                     });
    reader.eachNamed(root, "users", "user",
                     [&](const std::string& name, const YAML::Node& body, const YAML::Node& item) {
                         auto [it, isNew] = file.users.try_emplace(name, readUser(reader, body));
                         it->second.place = reader.placeOf(item);
                         return isNew;
                     });
    reader.eachNamed(root, "contexts", "context",
                     [&](const std::string& name, const YAML::Node& body, const YAML::Node& item) {
                         KubeconfigContext context {
                             name, reader.placeOf(item), reader.text(body, "cluster"),
                             reader.text(body, "user"), reader.text(body, "namespace")};
                         return file.contexts.try_emplace(name, std::move(context)).second;
                     });
    return file;
}

core::Error invalid(std::string message, core::Place place)
{
    return {core::ErrorCode::Invalid, std::move(message), std::move(place), core::Fault::User, {}};
}

/// Counts levels before a tree is built, and refuses more than one document's worth of aliases.
class DepthCheck : public YAML::EventHandler
{
public:
    bool tooDeep = false;
    void OnDocumentStart(const YAML::Mark&) override { }
    void OnDocumentEnd() override { }
    void OnNull(const YAML::Mark&, YAML::anchor_t) override { }
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override { }
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override
    {
    }
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override
    {
        enter();
    }
    void OnSequenceEnd() override { --m_depth; }
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override
    {
        enter();
    }
    void OnMapEnd() override { --m_depth; }

private:
    void enter() { tooDeep |= ++m_depth > kMaxDepth; }
    int m_depth = 0;
};

std::optional<core::Error> limitPassed(std::string_view text, const std::string& path)
{
    if (text.size() > kMaxBytes)
        return core::Error {core::ErrorCode::LimitExceeded,
                            "the file is larger than 1 MiB",
                            {.file = path},
                            core::Fault::User,
                            {}};
    if (text.find('\0') != std::string_view::npos || !core::isValidUtf8(text))
        return invalid("the file is no UTF-8 text", {.file = path});
    // yaml-cpp looks back along brackets and "?" one by one: lines of nothing else cost squares.
    std::size_t openers = 0;
    for (const char c : text)
        openers += c == '[' || c == '{' || c == '?';
    if (openers > 20'000)
        return invalid("the file has more brackets than a kubeconfig can need", {.file = path});
    for (const std::string_view line : core::split(text, '\n'))
        if (line.size() > kMaxLine)
            return invalid("a line is longer than 512 KiB", {.file = path});
    return {};
}

} // namespace

core::Result<KubeconfigFile> KubeconfigFile::parse(std::string_view text, const std::string& path)
{
    if (auto error = limitPassed(text, path))
        return std::unexpected(std::move(*error));
    try {
        const std::string copy(text);
        {
            std::istringstream input(copy);
            YAML::Parser parser(input);
            DepthCheck check;
            parser.HandleNextDocument(check);
            if (check.tooDeep)
                return std::unexpected(invalid("the file is nested too deeply", {.file = path}));
        }
        return readFile(YAML::Load(copy), path);
    } catch (const Refused& refused) {
        return std::unexpected(refused.error);
    } catch (const YAML::Exception& exception) {
        return std::unexpected(invalid("this is no YAML: " + core::sanitised(exception.msg),
                                       {.file = path,
                                        .line = std::max(0, exception.mark.line + 1),
                                        .column = std::max(0, exception.mark.column + 1)}));
    } catch (const std::exception&) {
        return std::unexpected(invalid("this is no YAML", {.file = path}));
    }
}

} // namespace gitops
