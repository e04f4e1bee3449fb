// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/scriptrunner.h"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <sys/types.h>

namespace gitops {

/// The ScriptRunner of production: a child (wavewright-scripts) without environment, files and
/// network, started at the first question and again after its end. A question that costs the child
/// its life, or is not answered in time, is not asked again for ten minutes.
class ScriptChild : public ScriptRunner
{
public:
    explicit ScriptChild(std::string program);
    ~ScriptChild() override;

    core::Result<std::vector<std::string>> select(const std::string& expression,
                                                  const core::Json& object) override;
    core::Result<core::HealthAssessment> judge(const std::string& script, bool openLibraries,
                                               const core::Json& object) override;

private:
    core::Result<core::Json> ask(const std::string& name, core::JsonObject request);
    core::Result<void> start();
    void end();
    core::Result<std::string> exchange(std::string line);

    const std::string m_program;
    std::mutex m_mutex; ///< one question at a time; guards all below
    pid_t m_process = -1;
    int m_socket = -1;
    std::map<std::string, std::chrono::steady_clock::time_point> m_banned; ///< texts, until when
};

} // namespace gitops
