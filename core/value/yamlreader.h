// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"
#include "core/value/yamltree.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// What a YAML text may cost. Passing a limit is an Error (LimitExceeded), found before the
/// parser's slow paths.
struct YamlLimits
{
    std::size_t bytes = 32u << 20;
    std::size_t lineBytes = 4u << 20;
    int depth = 100; ///< mappings and sequences inside each other
    std::size_t nodes = 8'000'000; ///< of one text, aliases expanded
    std::size_t aliasNodes = 100'000; ///< of one text, made by expanding aliases
};

struct YamlReadOptions
{
    YamlSchema schema = YamlSchema::Resources;
    /// Of equal keys in a mapping the last one counts, instead of an error.
    bool lastKeyWins = false;
    int firstLine = 1; ///< of the text in its file, when it is only a part of one
    YamlLimits limits = {};
};

/// Reads all documents of a text into the tree; empty documents are left out. Documents are split
/// at lines that begin with "---" before anything is parsed, as Kustomize does. Aliases are
/// expanded, "<<" is merged, equal keys in a mapping are an error that names both lines. Errors
/// carry file, line and column. file may be "".
Result<std::vector<YamlNode*>> readYaml(YamlTree& tree, std::string_view text,
                                        const std::string& file,
                                        const YamlReadOptions& options = {});

/// JSON pointer ("/spec/replicas") to file and line; "" is the whole.
using YamlOrigins = std::map<std::string, Place>;

/// The value of a node. Keys that are numbers or booleans become strings. Fails on what JSON cannot
/// say (infinities, NaN). origins, when given, gets the place of every node that stands in a file,
/// but for those below a mapping key that `leaveOut` names.
Result<Json> toJson(const YamlTree& tree, const YamlNode& node, YamlOrigins* origins = nullptr,
                    std::string_view leaveOut = {});
/// The node of a value, without a place.
YamlNode* fromJson(YamlTree& tree, const Json& value);

/// One document to a value, for callers that want no tree: the first document, null when the text
/// is empty; an error when there is more than one.
Result<Json> parseYaml(std::string_view text, const std::string& file,
                       const YamlReadOptions& options = {.schema = YamlSchema::Yaml11});
/// All documents to values.
Result<std::vector<Json>> parseYamlDocuments(std::string_view text, const std::string& file,
                                             const YamlReadOptions& options = {
                                                 .schema = YamlSchema::Yaml11});

} // namespace core
