// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

class ClusterAccess;

struct ExecRequest
{
    std::string namespaceName;
    std::string pod;
    std::string container;
    std::vector<std::string> command;
    bool hasInput = false;
    bool hasTerminal = false; ///< then there is no standard error of its own
};

/// "/api/v1/namespaces/shop/pods/web-0/exec?container=…&command=…&stdout=true".
std::string execTarget(const ExecRequest& request);

/// The exit code that the Status at the end of a command tells; an error when it did not run.
core::Result<int> exitCodeOf(const core::Json& status);

/// A command in a container, over v5.channel.k8s.io, or v4 on servers before 1.29 (where the end of
/// input cannot be told). Owns a thread; handlers are called on it and must not destroy this.
class ExecSession
{
public:
    struct Handlers
    {
        std::function<void(std::string_view)> output;
        std::function<void(std::string_view)> errors;
        /// Once: the command's exit code, or why it did not run or what broke.
        std::function<void(core::Result<int>)> end;
    };

    /// access must outlive it.
    ExecSession(ClusterAccess& access, const ExecRequest& request, Handlers handlers);
    /// The command is left to itself; no handler is called after this.
    ~ExecSession();

    /// Any thread; returns at once. What is written before the connection stands waits.
    void write(std::string bytes);
    void closeInput();
    void resize(int columns, int rows);
    /// Bytes that were written and have not left yet: who reads a file should wait.
    std::size_t pending() const;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace gitops
