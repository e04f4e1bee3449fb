// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/digest.h"
#include "core/value/json.h"

#include <map>
#include <string>
#include <string_view>

namespace gitops {

/// Hides the values of Secrets behind runs of '+': equal values get runs of equal length, different
/// ones of different length, for as long as one SecretMask lives, whether they are written as data
/// or as stringData. Nothing of a value can be read from a run. Keeps digests, never values.
class SecretMask
{
public:
    static bool isSecret(const core::Json& object);
    static bool isSecret(std::string_view group, std::string_view kind)
    {
        return group.empty() && kind == "Secret";
    }

    /// A run for the bytes of a value.
    std::string run(std::string_view bytes);
    /// A run for a value of data (base64) or stringData; lists and maps are masked member by
    /// member.
    core::Json masked(const core::Json& value, bool isBase64);
    /// data, stringData and the last-applied annotation of a Secret.
    void maskObject(core::Json& secret);
    /// The annotation's text, itself a Secret; masked whole when it cannot be read.
    std::string maskedLastApplied(std::string_view text);

private:
    std::map<core::Digest, std::size_t> m_lengths;
};

inline constexpr std::string_view kLastAppliedAnnotation =
    "kubectl.kubernetes.io/last-applied-configuration";

} // namespace gitops
