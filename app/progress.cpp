// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/progress.h"

#include "app/console.h"
#include "app/eventlines.h"
#include "core/base/strings.h"
#include "core/base/time.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <unistd.h>

namespace app {

namespace {

/// Is an event worth a line for a person? Snapshots, the health of single objects and what went
/// well with one are for displays.
bool isNotable(const core::Event& event)
{
    if (std::holds_alternative<core::event::SnapshotPublished>(event.what))
        return false;
    if (const auto* applied = std::get_if<core::event::ResourceApplied>(&event.what))
        return applied->result.code == core::ResultCode::SyncFailed
            || applied->result.code == core::ResultCode::Pruned;
    if (const auto* health = std::get_if<core::event::HealthChanged>(&event.what))
        return health->key.kind.empty();
    return true;
}

std::string clockText(core::WallTime time)
{
    return core::formatRfc3339(time).substr(11, 8);
}

Colour colourOfEvent(const core::Event& event)
{
    if (std::holds_alternative<core::event::DriftFound>(event.what)
        || std::holds_alternative<core::event::ConfirmationNeeded>(event.what))
        return Colour::Yellow;
    if (const auto* raised = std::get_if<core::event::ConditionRaised>(&event.what))
        return raised->condition.isError() ? Colour::Red : Colour::Yellow;
    if (std::holds_alternative<core::event::DriftHealed>(event.what))
        return Colour::Green;
    if (const auto* finished = std::get_if<core::event::OperationFinished>(&event.what))
        return finished->operation.phase == core::OperationPhase::Succeeded ? Colour::Green
                                                                            : Colour::Red;
    return Colour::None;
}

class JsonProgress : public Progress
{
public:
    void event(const core::Event& event) override
    {
        if (std::holds_alternative<core::event::SnapshotPublished>(event.what))
            return;
        std::puts(core::toText(core::toJson(event)).c_str());
        std::fflush(stdout);
    }
};

/// One line an event; of a wave only the changes of its state, and what it waits for.
class LineProgress : public Progress
{
public:
    void event(const core::Event& event) override
    {
        if (!isNotable(event) || repeatsItself(event))
            return;
        for (const std::string& line : m_lines.of(event))
            std::puts((coloured(clockText(event.at), Colour::Grey) + " "
                       + coloured(line, colourOfEvent(event)))
                          .c_str());
        std::fflush(stdout);
    }

private:
    bool repeatsItself(const core::Event& event)
    {
        const auto* progress = std::get_if<core::event::OperationProgressed>(&event.what);
        if (!progress)
            return false;
        const core::WaveProgress& wave = progress->wave;
        std::string now = fmt::format("{} {}", int(wave.state),
                                      wave.waitsFor.empty() ? "" : wave.waitsFor.front());
        std::string& last =
            m_lastOfWave[fmt::format("{}/{}/{}/{}", progress->application, progress->operationId,
                                     int(wave.phase), wave.wave)];
        const bool same = last == now;
        last = std::move(now);
        return same;
    }

    EventLines m_lines;
    std::map<std::string, std::string> m_lastOfWave;
};

/// Lines above, and below them a block that is drawn anew: one row for each application, one for
/// each wave of a running operation.
class TerminalProgress : public Progress
{
public:
    void event(const core::Event& event) override
    {
        if (const auto* published = std::get_if<core::event::SnapshotPublished>(&event.what)) {
            m_snapshot = published->snapshot;
            m_dirty = true;
            return;
        }
        if (std::holds_alternative<core::event::OperationProgressed>(event.what)
            || !isNotable(event))
            return;
        erase();
        for (const std::string& line : m_lines.of(event))
            std::puts(coloured(clockText(event.at) + " " + line, colourOfEvent(event)).c_str());
        m_dirty = true;
    }

    void tick() override
    {
        if (m_dirty || hasRunning())
            draw();
    }

    void finish() override
    {
        draw();
        m_rows = 0;
    }

private:
    bool hasRunning() const
    {
        if (m_snapshot)
            for (const auto& [name, state] : m_snapshot->applications)
                if (state->operation && !core::isCompleted(state->operation->phase))
                    return true;
        return false;
    }

    void erase()
    {
        if (m_rows > 0)
            std::printf("\x1b[%dA\x1b[J", m_rows);
        m_rows = 0;
    }

    void draw()
    {
        erase();
        m_dirty = false;
        if (!m_snapshot)
            return;
        std::vector<std::string> rows;
        for (const auto& [name, state] : m_snapshot->applications)
            addApplication(rows, *state);
        if (m_snapshot->cluster.practice)
            rows.push_back(
                coloured("  practice cluster " + m_snapshot->cluster.server, Colour::Grey));
        const auto width = std::size_t(terminalWidth());
        for (const std::string& row : rows)
            std::puts(cutTo(row, width).c_str());
        std::fflush(stdout);
        m_rows = int(rows.size());
    }

    static void addApplication(std::vector<std::string>& rows, const core::ApplicationState& state)
    {
        std::string row = fmt::format(
            "{} {:<22} {} {} {}", state.spec.parent.empty() ? "" : " ", state.spec.name,
            coloured(fmt::format("{} {:<9}", signOf(state.sync), core::toString(state.sync)),
                     colourOf(state.sync)),
            coloured(fmt::format("{} {:<11}", signOf(state.health), core::toString(state.health)),
                     colourOf(state.health)),
            core::sanitised(state.activity.empty() ? state.healthMessage : state.activity));
        rows.push_back(std::move(row));
        if (!state.awaitingConfirmation.empty())
            rows.push_back(coloured(
                fmt::format("      waits for a person: prune of {}{}; wavewright confirm {}",
                            state.awaitingConfirmation.front().text(),
                            state.awaitingConfirmation.size() > 1
                                ? fmt::format(" and {} more", state.awaitingConfirmation.size() - 1)
                                : "",
                            state.spec.name),
                Colour::Yellow));
        for (const core::Condition& condition : state.conditions)
            rows.push_back(
                coloured("      " + condition.type + ": " + core::sanitised(condition.message),
                         condition.isError() ? Colour::Red : Colour::Yellow));
        if (state.operation && !core::isCompleted(state.operation->phase))
            for (const core::WaveProgress& wave : state.operation->waves)
                addWave(rows, wave);
    }

    static void addWave(std::vector<std::string>& rows, const core::WaveProgress& wave)
    {
        constexpr int cells = 20;
        const int full = wave.total > 0 ? cells * wave.ready / wave.total : cells;
        const int half = wave.total > 0 ? cells * wave.applied / wave.total : cells;
        std::string bar;
        for (int i = 0; i < cells; ++i)
            bar += i < full ? "█" : i < half ? "▒" : "·";
        std::string row =
            fmt::format("      {:>8} wave {:>3} {} {:>3}/{:<3} {:<8}", core::toString(wave.phase),
                        wave.wave, bar, wave.ready, wave.total, core::toString(wave.state));
        if (!wave.waitsFor.empty())
            row += " " + core::sanitised(wave.waitsFor.front())
                + (wave.waitsFor.size() > 1 ? fmt::format(" (+{})", wave.waitsFor.size() - 1) : "");
        rows.push_back(coloured(
            row, wave.state == core::WaveProgress::State::Pending ? Colour::Grey : Colour::None));
    }

    EventLines m_lines;
    core::SnapshotPtr m_snapshot;
    int m_rows = 0;
    bool m_dirty = false;
};

} // namespace

std::unique_ptr<Progress> makeProgress(Format format)
{
    if (format == Format::Json)
        return std::make_unique<JsonProgress>();
    if (canRedraw())
        return std::make_unique<TerminalProgress>();
    return std::make_unique<LineProgress>();
}

} // namespace app
