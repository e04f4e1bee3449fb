// SPDX-License-Identifier: GPL-3.0-or-later
// Any object, declared and live, through every view of the platform; and its text for endpoints.
#include "core/platform/findings.h"
#include "core/platform/namespaces.h"
#include "core/platform/reachability.h"
#include "core/value/json.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    core::endpointsIn(text, true);
    core::serviceCandidates(text, "shop");
    const auto value = core::parseJson(text, {.bytes = 1u << 16, .depth = 100});
    if (!value)
        return 0;
    core::PlatformInputBuilder builder;
    if (auto manifest = core::Manifest::make(*value))
        builder.declare({*manifest, "app", 0, {}});
    auto record = std::make_shared<core::LiveRecord>();
    record->text = std::make_shared<const std::string>(core::toText(*value));
    builder.live(core::objectKeyOf(*value), record);
    builder.input().hasLive = true;
    const core::PlatformModel model(std::move(builder).build());
    core::namespaceViews(model);
    core::findings(model);
    return 0;
}
