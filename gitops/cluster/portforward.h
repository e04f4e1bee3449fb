// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

class ClusterAccess;

/// One way from a port of this machine into a cluster. A value.
struct PortForward
{
    enum class Kind
    {
        Service,
        Pod
    };
    std::string namespaceName = {};
    Kind kind = Kind::Service;
    std::string name = {};
    std::uint16_t localPort = 0; ///< on 127.0.0.1; 0: a free one
    std::string remotePort = {}; ///< a Service's port, or a pod's: number or name

    std::string text() const; ///< "service minio/minio port 9000"
    bool operator==(const PortForward&) const = default;
};

/// Where a forward leads at this moment.
struct PodPort
{
    std::string pod;
    std::uint16_t port = 0;
    bool operator==(const PodPort&) const = default;
};

/// The annotation that says which forwards belong to a platform: on a Service or Pod "8501:8501",
/// several with commas; one number stands for both. On any other object (an operator makes the
/// Service) each begins with what it leads to: "service/kafka-bootstrap 9092:9092".
inline constexpr std::string_view kPortForwardAnnotation = "wavewright.dev/port-forward";

/// Reads the annotation's text. kind and name are those of the object that carries it. Invalid with
/// the words that are wrong.
core::Result<std::vector<PortForward>> parsePortForwards(std::string_view text,
                                                         std::string_view kind,
                                                         const std::string& name,
                                                         const std::string& namespaceName);

/// Asks the server: for a Service a ready pod behind it (by its EndpointSlices, else by its
/// selector) and the number of its target port there. Waits. NotFound: no such Service, Pod or
/// port; Unavailable: none of its pods is ready now.
core::Result<PodPort> resolvePortForward(ClusterAccess& access, const PortForward& forward);

} // namespace gitops
