// SPDX-License-Identifier: GPL-3.0-or-later
// The name is all that tracking ids, the record and the Lease know of an application: what keeps
// two of the same name from pruning each other's objects.
#include "gitops/engine/applicationcontroller.h"

namespace gitops {

/// The record in the cluster is of another origin than ours, and nothing shows that ours came out
/// of it: why nothing may be pruned; else "".
std::string ApplicationController::otherOrigin() const
{
    const std::string& recorded = m_record.origin();
    if (!m_record.isLoaded() || recorded.empty() || recorded == toText(m_origin)
        || recorded == m_saved.replacedOrigin)
        return {};
    const auto known = originFromText(recorded);
    if (known && (*known == m_origin || (recorded == m_saved.origin && isEditOf(*known, m_origin))))
        return {};
    return "Another application may have the name \"" + m_spec->name
        + "\": its record in the cluster is of " + describeOrigin(recorded) + "; this one is of "
        + m_origin.text() + ". Nothing is pruned until a person confirms (wavewright confirm "
        + m_spec->name + ").";
}

/// Says in the record and in the state folder what was reconciled last, where nothing stands
/// against it.
void ApplicationController::settleOrigin()
{
    if (!m_record.isLoaded() || m_record.isReading())
        return;
    const std::string ours = toText(m_origin);
    m_record.setOrigin(otherOrigin().empty() ? ours : std::string());
    if (m_record.origin() == ours && (m_saved.origin != ours || !m_saved.replacedOrigin.empty())) {
        m_saved.origin = ours;
        m_saved.replacedOrigin.clear();
        saveSoon();
    }
    // An apply writes it anyway; a record of an older version, and an application that moved
    // without a change to its objects, must not wait for one.
    const bool isWanted = m_spec->automated || !m_saved.replacedOrigin.empty();
    if (isWanted && m_desired && m_record.exists() && !m_record.saysOrigin() && mayWriteNow())
        isRecordCovered();
}

/// A person says that the name is this application's.
void ApplicationController::takeOverOrigin()
{
    if (otherOrigin().empty())
        return;
    m_saved.replacedOrigin = m_record.origin();
    m_pruneTried.clear();
    saveSoon();
}

} // namespace gitops
