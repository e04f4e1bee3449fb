// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/gitops/engine/enginefixture.h"

#include <QtTest/QTest>

#include <algorithm>
#include <string>
#include <vector>

namespace tests {

template<class What>
int count(const std::vector<core::Event>& events)
{
    return int(std::ranges::count_if(
        events, [](const core::Event& event) { return std::holds_alternative<What>(event.what); }));
}

/// All that a failed wait should say of an application.
inline std::string dump(EngineFixture& f, const std::string& name = "app")
{
    const core::ApplicationState* state = f.state(name);
    if (!state)
        return "no such application";
    std::string text = std::string(core::toString(state->sync)) + " "
        + std::string(core::toString(state->health)) + " " + state->activity;
    if (state->operation)
        text += " operation " + std::string(core::toString(state->operation->phase)) + ": "
            + state->operation->message;
    for (const core::Condition& condition : state->conditions)
        text += "; " + condition.type + ": " + condition.message;
    for (const core::ResourceState& resource : state->resources)
        text += "; " + resource.key.text() + " " + std::string(core::toString(resource.sync));
    return text;
}

/// The objects that a person was asked about.
inline std::string askedFor(EngineFixture& f)
{
    std::string text;
    for (const core::Event& event : f.events)
        if (const auto* asked = std::get_if<core::event::ConfirmationNeeded>(&event.what))
            for (const core::ObjectKey& key : asked->keys)
                text += key.name + " ";
    return text;
}

} // namespace tests

#define VERIFY_UNTIL(f, condition)                                                                 \
    QVERIFY2((f).runUntil([&] { return bool(condition); }), tests::dump(f).c_str())
