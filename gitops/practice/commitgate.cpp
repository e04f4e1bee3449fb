// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/commitgate.h"

#include <utility>

namespace gitops::practice {

CommitGate::CommitGate(Disk disk)
    : m_disk(std::move(disk))
{
}

void CommitGate::whenCommitted(std::function<void()> act)
{
    if (!m_disk.isPending() && m_waiting.empty()) {
        act();
        return;
    }
    m_waiting.push_back(std::move(act));
    if (!std::exchange(m_posted, true))
        m_disk.post([this] { commit(); });
}

void CommitGate::commit()
{
    m_posted = false;
    m_failed = !m_disk.commit();
    for (const auto& act : std::exchange(m_waiting, {}))
        act();
    m_disk.committed();
}

} // namespace gitops::practice
