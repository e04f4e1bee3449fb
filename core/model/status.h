// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace core {

/// Argo CD's words, best to worst (gitops-engine pkg/health/health.go). Shown as they are, never
/// translated.
enum class Health
{
    Healthy,
    Suspended,
    Progressing,
    Missing,
    Degraded,
    Unknown
};
enum class SyncState
{
    Synced,
    OutOfSync,
    Unknown
};

/// A verdict on one object. No status means: this kind has no health (a ConfigMap), which never
/// holds a wave.
struct HealthAssessment
{
    std::optional<Health> status;
    std::string message;
    bool operator==(const HealthAssessment&) const = default;
};

std::string_view toString(Health health);
std::string_view toString(SyncState state);
std::optional<Health> healthFromString(std::string_view text);
/// The worse of two, by the order above.
Health worse(Health a, Health b);

} // namespace core
