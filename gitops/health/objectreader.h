// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/status.h"
#include "core/value/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// One entry of a list of conditions.
struct Condition
{
    std::string type;
    std::string status;
    std::string reason;
    std::string message;
    std::optional<std::int64_t> observedGeneration;
};

/// Reads fields of an object that may have any shape. A field of the wrong type reads as absent and
/// is remembered: the verdict on such an object is Unknown, whatever the rest says. Refers to the
/// object; one thread.
class ObjectReader
{
public:
    explicit ObjectReader(const core::Json& object)
        : m_object(object)
    {
    }

    /// Paths are plain keys with dots between: "status.readyReplicas". Absent and null are the
    /// same.
    const core::Json* at(std::string_view path) const;
    /// Every value at a path; "status.parents[].conditions" goes through all items of a list, or
    /// all members of an object.
    std::vector<const core::Json*> all(std::string_view path) const;
    std::optional<std::int64_t> maybeInteger(std::string_view path);
    std::int64_t integer(std::string_view path) { return maybeInteger(path).value_or(0); }
    std::string text(std::string_view path);
    bool flag(std::string_view path);
    /// The items of a list, each an object; none when absent.
    std::vector<const core::Json*> objects(std::string_view path);
    std::vector<Condition> conditions(std::string_view path = "status.conditions");
    std::string annotation(std::string_view name) const;

    std::int64_t generation() { return integer("metadata.generation"); }
    /// Empty as long as all that was read had the shape it should have.
    const std::string& complaint() const { return m_complaint; }

private:
    void complain(std::string_view path, std::string_view wanted);
    const core::Json& m_object;
    std::string m_complaint;
};

/// For verdicts: "return verdict(core::Health::Degraded, message)".
core::HealthAssessment verdict(core::Health health, std::string message = {});

/// The scalar as a person would write it, "" for objects, lists and null.
std::string scalarText(const core::Json& value);

} // namespace gitops
