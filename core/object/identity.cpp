// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/identity.h"

#include <functional>

namespace core {

std::string GroupVersionKind::apiVersion() const
{
    return group.empty() ? version : group + "/" + version;
}

std::string GroupKind::text() const
{
    return group.empty() ? kind : kind + "." + group;
}

std::string ObjectKey::text() const
{
    // Kubernetes' own groups are left out: everybody knows what a Deployment is.
    const bool own =
        group.empty() || group.find('.') == std::string::npos || group.ends_with(".k8s.io");
    std::string out = own ? kind : kind + "." + group;
    out += ' ';
    if (!namespaceName.empty())
        out += namespaceName + "/";
    return out + name;
}

std::size_t ObjectKeyHash::operator()(const ObjectKey& key) const
{
    const std::hash<std::string> hash;
    std::size_t out = hash(key.name);
    for (const std::string* part : {&key.namespaceName, &key.kind, &key.group})
        out = out * 1099511628211u + hash(*part);
    return out;
}

GroupVersionKind groupVersionKind(std::string_view apiVersion, std::string_view kind)
{
    const std::size_t slash = apiVersion.find('/');
    if (slash == std::string_view::npos)
        return {"", std::string(apiVersion), std::string(kind)};
    return {std::string(apiVersion.substr(0, slash)), std::string(apiVersion.substr(slash + 1)),
            std::string(kind)};
}

GroupVersionKind groupVersionKindOf(const Json& object)
{
    return groupVersionKind(stringAt(object, {"apiVersion"}), stringAt(object, {"kind"}));
}

ObjectKey objectKeyOf(const Json& object)
{
    const GroupVersionKind kind = groupVersionKindOf(object);
    return {kind.group, kind.kind, std::string(stringAt(object, {"metadata", "namespace"})),
            std::string(stringAt(object, {"metadata", "name"}))};
}

std::string TrackingId::text() const
{
    return application + ":" + key.group + "/" + key.kind + ":" + key.namespaceName + "/"
        + key.name;
}

Result<TrackingId> TrackingId::parse(std::string_view text)
{
    const auto bad = [&] {
        return failure(ErrorCode::Invalid,
                       "the tracking id \"" + std::string(text)
                           + "\" is not of the form app:group/kind:namespace/name");
    };
    const std::size_t first = text.find(':');
    const std::size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
    if (second == std::string_view::npos)
        return bad();
    const std::string_view kind = text.substr(first + 1, second - first - 1);
    const std::string_view object = text.substr(second + 1);
    const std::size_t kindSlash = kind.find('/');
    const std::size_t objectSlash = object.find('/');
    if (first == 0 || kindSlash == std::string_view::npos || objectSlash == std::string_view::npos)
        return bad();
    return TrackingId {
        std::string(text.substr(0, first)),
        {std::string(kind.substr(0, kindSlash)), std::string(kind.substr(kindSlash + 1)),
         std::string(object.substr(0, objectSlash)), std::string(object.substr(objectSlash + 1))}};
}

} // namespace core
