// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/execplugin.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace tests {

/// Writes a file whole, so that a reader sees the old or the new one.
inline void putFile(const std::string& path, const std::string& text, bool isProgram = false)
{
    std::ofstream(path + ".new") << text;
    if (isProgram)
        std::filesystem::permissions(path + ".new", std::filesystem::perms::owner_all);
    std::filesystem::rename(path + ".new", path);
}

/// A credential plugin that is a script.
inline gitops::ExecPlugin scriptPlugin(const std::string& path, const std::string& script)
{
    putFile(path, "#!/bin/sh\n" + script + "\n", true);
    gitops::ExecPlugin plugin;
    plugin.command = path;
    plugin.apiVersion = "client.authentication.k8s.io/v1";
    plugin.interactiveMode = "Never";
    return plugin;
}

/// "echo" of a credential with these members of status.
inline std::string echoCredential(const std::string& status,
                                  const std::string& version = "client.authentication.k8s.io/v1")
{
    return "cat <<'END'\n{\"kind\":\"ExecCredential\",\"apiVersion\":\"" + version
        + "\",\"status\":{" + status + "}}\nEND";
}

} // namespace tests
