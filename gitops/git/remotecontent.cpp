// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/remotecontent.h"

#include "core/base/strings.h"
#include "gitops/git/remoteurl.h"

#include <tuple>

namespace gitops {

std::string RemoteAddress::shown() const
{
    const std::string plain = withoutUser(url);
    if (kind == Kind::File) // whose query may hold a token
        return core::sanitised(plain.substr(0, plain.find('?')));
    return core::sanitised(reference.empty() ? plain : plain + "?ref=" + reference);
}

bool RemoteAddress::operator<(const RemoteAddress& other) const
{
    return std::tie(kind, url, reference) < std::tie(other.kind, other.url, other.reference);
}

bool RemoteAddress::operator==(const RemoteAddress& other) const
{
    return std::tie(kind, url, reference) == std::tie(other.kind, other.url, other.reference);
}

} // namespace gitops
