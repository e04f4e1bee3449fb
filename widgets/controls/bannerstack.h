// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QWidget>

#include <vector>

namespace widgets {

class Banner;
class WallClock;

/// What a person must know about an application, as banners: prunes that wait, errors, who else
/// holds it, pauses. At most five; the rest is counted.
class BannerStack : public QWidget
{
    Q_OBJECT

public:
    explicit BannerStack(const WallClock& clock, QWidget* parent = nullptr);
    void show(const core::ApplicationState& state);

Q_SIGNALS:
    void confirmRequested();
    void resumeRequested();
    void adoptRequested();

private:
    enum class Deed
    {
        None,
        Confirm,
        Resume,
        Adopt
    };
    Banner* banner(std::size_t index);

    const WallClock& m_clock;
    std::vector<Banner*> m_banners;
    std::vector<Deed> m_deeds;
};

} // namespace widgets
