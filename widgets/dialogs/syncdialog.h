// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"
#include "widgets/dialogs/dialogframe.h"

class QCheckBox;
class QLabel;
class QTreeWidget;

namespace widgets {

/// Asks what a sync may do and which objects it covers.
class SyncDialog : public DialogFrame
{
    Q_OBJECT

public:
    SyncDialog(const core::ApplicationState& state, const core::ClusterState& cluster,
               QWidget* parent);
    core::command::Sync command() const;

private:
    void setupList(const core::ApplicationState& state);
    void updateState();

    std::string m_application;
    std::vector<core::ObjectKey> m_keys;
    QCheckBox* m_dryRun;
    QCheckBox* m_prune;
    QCheckBox* m_onlyDiffering;
    QTreeWidget* m_list;
    QLabel* m_summary;
};

} // namespace widgets
