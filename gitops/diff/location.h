// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/schema/fieldset.h"

#include <string>
#include <string_view>

namespace gitops {

/// Where a comparison stands, in every form that somebody asks for: as managedFields has it, as
/// JSON pointers into both sides, by names alone, and for people. Grows and shrinks with the walk.
class Location
{
public:
    const core::FieldPath& fields() const { return m_fields; }
    const std::string& names() const { return m_names; } ///< "spec.template.spec.containers"
    const std::string& desired() const { return m_desired; } ///< "/spec/ports/0"
    const std::string& live() const { return m_live; }
    const std::string& display() const { return m_display; } ///< "spec.ports[port=80].name"

    /// One step down for as long as it lives.
    class Step
    {
    public:
        Step(Location& location, std::string_view fieldName);
        Step(Location& location, core::PathElement item, std::size_t desiredIndex,
             std::size_t liveIndex);
        ~Step();
        Step(const Step&) = delete;
        Step& operator=(const Step&) = delete;

    private:
        Location& m_location;
        std::size_t m_names;
        std::size_t m_desired;
        std::size_t m_live;
        std::size_t m_display;
    };

private:
    core::FieldPath m_fields;
    std::string m_names;
    std::string m_desired;
    std::string m_live;
    std::string m_display;
};

/// "[name=web]", "[port=53,protocol=UDP]", "[=value]", "[2]": a list item for people.
std::string displayItem(const core::PathElement& item);

} // namespace gitops
