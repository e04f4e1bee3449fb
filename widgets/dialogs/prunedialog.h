// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/dialogs/dialogframe.h"

#include <optional>
#include <vector>

class QLineEdit;

namespace widgets {

/// Asks whether objects may be deleted: shows each of them, and needs the word "prune" typed.
/// Cancel is the default. Returns what was shown, so that a yes never covers more than was seen.
class PruneDialog : public DialogFrame
{
    Q_OBJECT

public:
    PruneDialog(const core::ApplicationState& state, const core::ClusterState& cluster,
                QWidget* parent);
    const std::vector<core::ObjectKey>& keys() const { return m_keys; }

private:
    std::vector<core::ObjectKey> m_keys;
    QLineEdit* m_word;
};

} // namespace widgets
