// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A value found in an object, and where: "/spec/topics/0".
struct FoundValue
{
    std::string pointer;
    const Json* value = nullptr;
    /// Strings as they are, numbers and booleans as text, "" for others.
    std::string text() const;
};

/// All values at a JSON pointer in which a segment "*" stands for every item of a list or member of
/// a map. A pointer that begins with "./" is taken from `base`. At most 10,000 values.
std::vector<FoundValue> valuesAt(const Json& object, std::string_view pointer,
                                 const FoundValue& base = {});

/// A text from a template: "{/metadata/name}-kafka-bootstrap". Inside braces stand pointers with
/// "|" between them, of which the first that is there counts; 'a word' in quotes is itself. With
/// "*" in a pointer there are as many texts as values. Nothing when a pointer finds nothing.
struct ExpandedText
{
    std::string text;
    std::string pointer; ///< of the first value that went into it
};
std::vector<ExpandedText> expandTemplate(std::string_view pattern, const Json& object,
                                         const FoundValue& base = {});

/// Whether braces are closed and pointers begin with "/" or "./"; the error's text, "" when sound.
std::string checkTemplate(std::string_view pattern);

} // namespace core
