// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// Replaces what no two servers agree on. What says which object and which state is meant keeps
/// its identity: uids, resourceVersions of objects and made-up names are numbered in the order in
/// which a script meets them. Times, addresses, ages and tokens to go on with are only named.
/// One for each run of a script.
class AnswerMask
{
public:
    /// With the keys of all objects in order.
    core::Json masked(const core::Json& value);
    std::string maskedText(std::string_view text);

private:
    void learnNames(const core::Json& value);
    core::Json maskedMember(std::string_view key, const core::Json& value, bool ofList);
    core::Json maskedObject(const core::JsonObject& object, bool ofList);
    std::string numbered(std::map<std::string, std::string>& known, std::string_view word,
                         const std::string& value);

    std::map<std::string, std::string> m_uids;
    std::map<std::string, std::string> m_versions;
    std::map<std::string, std::string> m_names;
};

/// Removes what the pointers name ("*" is any one token).
void hide(core::Json& value, const std::vector<std::string>& pointers);

} // namespace tests
