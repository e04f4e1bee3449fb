// SPDX-License-Identifier: GPL-3.0-or-later
// The name is all that tracking ids, the record and the Lease know of an application: what keeps
// two of the same name from pruning each other's objects.
#include "gitops/engine/applicationcontroller.h"

namespace gitops {

/// The origin of another application that has our name, as the record knows it; "" without. The
/// record is of another origin, and nothing shows that ours came out of it; or it is ours, and
/// another one applied under the name nevertheless.
std::string ApplicationController::rivalOrigin() const
{
    if (!m_record.isLoaded())
        return {};
    const auto isRival = [this](const std::string& recorded) {
        if (recorded.empty() || recorded == m_saved.replacedOrigin)
            return false;
        const auto known = originFromText(recorded);
        return !known
            || (*known != m_origin && !(recorded == m_saved.origin && isEditOf(*known, m_origin)));
    };
    for (const std::string& recorded : {m_record.origin(), m_record.rival()})
        if (isRival(recorded))
            return recorded;
    return {};
}

/// Why nothing may be pruned while another application has our name, else "".
std::string ApplicationController::otherOrigin() const
{
    const std::string rival = rivalOrigin();
    if (rival.empty())
        return {};
    return "Another application may have the name \"" + m_spec->name
        + "\": its record in the cluster is of " + describeOrigin(rival) + "; this one is of "
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
    const std::string rival = rivalOrigin();
    if (rival.empty())
        m_record.setOrigin(ours, {});
    else if (rival == m_record.origin())
        m_record.setOrigin({}, ours); // so that its owner holds its prunes, too: what we apply
    else
        m_record.setOrigin(ours, rival);
    const bool isSettled = m_record.origin() == ours && m_record.rival().empty();
    if (isSettled && (m_saved.origin != ours || !m_saved.replacedOrigin.empty())) {
        m_saved.origin = ours;
        m_saved.replacedOrigin.clear();
        saveSoon();
    }
    // An apply writes it anyway; a record of an older version, and an application that moved
    // without a change to its objects, must not wait for one.
    const bool isWanted = m_spec->automated || !m_saved.replacedOrigin.empty();
    const bool saysAll = m_record.saysOrigin() && m_record.namesChildren();
    if (isWanted && m_desired && m_record.exists() && !saysAll && mayWriteNow())
        isRecordCovered();
}

/// A person says that the name is this application's.
void ApplicationController::takeOverOrigin()
{
    const std::string rival = rivalOrigin();
    if (rival.empty())
        return;
    m_saved.replacedOrigin = rival;
    m_pruneTried.clear();
    saveSoon();
}

} // namespace gitops
