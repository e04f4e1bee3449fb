// SPDX-License-Identifier: GPL-3.0-or-later
// YAML that was read is written, and what was written reads as the same.
#include "core/value/yamlreader.h"
#include "core/value/yamlwriter.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto schema : {core::YamlSchema::Resources, core::YamlSchema::Yaml11}) {
        const auto values = core::parseYamlDocuments(text, "fuzz.yaml", {.schema = schema});
        if (!values)
            continue;
        for (const core::Json& value : *values) {
            const auto again = core::parseYaml(core::toYaml(value), "again.yaml");
            if (again && !core::isEqual(*again, value))
                std::abort();
        }
    }
    return 0;
}
