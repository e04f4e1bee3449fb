// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/secret.h"
#include "core/base/time.h"

#include <filesystem>
#include <string>

namespace gitops::practice {

/// What the HTTPS server and its clients trust each other by.
struct Credentials
{
    std::string caCertificate; ///< PEM
    std::string serverCertificate; ///< PEM; for 127.0.0.1, ::1 and localhost
    core::Secret serverKey; ///< PEM
    core::Secret token; ///< what clients send as a bearer token
};

/// Those kept in a folder (files of mode 0600); made when they are missing, the server's
/// certificate anew when it is about to expire. An empty folder path keeps nothing.
core::Result<Credentials> loadOrMakeCredentials(const std::filesystem::path& folder,
                                                core::WallTime now);

/// A kubeconfig with one context named "practice".
std::string kubeconfigText(const Credentials& credentials, std::uint16_t port);
/// Writes a file that only its owner can read, in one step (new file, then rename).
core::Result<void> writePrivateFile(const std::filesystem::path& file, std::string_view text);

} // namespace gitops::practice
