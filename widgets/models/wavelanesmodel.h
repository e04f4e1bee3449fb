// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/event.h"

#include <QAbstractItemModel>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace widgets {

class WallClock;

/// The waves of an application's operation, running or last: lanes at the top level, the objects of
/// a lane below it. Without any operation the lanes that a sync would go through. Lanes and objects
/// keep their identity while they change.
class WaveLanesModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    /// How far one object has come.
    enum class Step
    {
        Pending, ///< not yet written in this operation
        Waited, ///< written; the wave waits for it
        Ready,
        Failed,
        Pruned,
        Skipped
    };
    enum Role
    {
        StepRole = Qt::UserRole, ///< int(Step), of objects
        KindRole, ///< QString, of objects
        WordsRole, ///< QString, of objects: state or message
        HealthRole, ///< int(core::Health), of objects, invalid for kinds without
    };

    explicit WaveLanesModel(const WallClock& clock, QObject* parent = nullptr);
    ~WaveLanesModel() override;

    void setApplication(const core::ApplicationStatePtr& state);
    /// Times of lanes come from what was seen happening; nothing is guessed.
    void noteEvents(const std::vector<core::Event>& events);

    const core::WaveProgress& progress(int lane) const;
    /// How long the lane has run, or ran; nullopt where its start or end was not seen.
    std::optional<std::chrono::milliseconds> elapsed(int lane) const;
    /// "Wave 1", "PreSync 0"
    QString title(int lane) const;
    core::ObjectKey objectKey(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    struct Item;
    struct Lane;
    using LaneKey = std::pair<core::SyncPhase, int>;
    struct Span
    {
        std::optional<core::WallTime> begin;
        std::optional<core::WallTime> end;
    };

    static std::vector<Lane> lanesOf(const core::ApplicationState& state);
    void syncItems(Lane& lane, std::vector<Item>&& target, int row);
    static QString accessibleText(const Item& item);

    const WallClock& m_clock;
    core::ApplicationStatePtr m_state;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::map<std::pair<std::string, LaneKey>, Span> m_spans; ///< by operation and lane
};

} // namespace widgets
