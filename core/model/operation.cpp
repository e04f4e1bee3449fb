// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/operation.h"

namespace core {

std::string_view toString(SyncPhase phase)
{
    switch (phase) {
    case SyncPhase::PreSync:
        return "PreSync";
    case SyncPhase::Sync:
        return "Sync";
    case SyncPhase::PostSync:
        return "PostSync";
    case SyncPhase::SyncFail:
        return "SyncFail";
    }
    return "Sync";
}

std::string_view toString(OperationPhase phase)
{
    switch (phase) {
    case OperationPhase::Running:
        return "Running";
    case OperationPhase::Terminating:
        return "Terminating";
    case OperationPhase::Failed:
        return "Failed";
    case OperationPhase::Error:
        return "Error";
    case OperationPhase::Succeeded:
        return "Succeeded";
    }
    return "Error";
}

std::string_view toString(ResultCode code)
{
    switch (code) {
    case ResultCode::Synced:
        return "Synced";
    case ResultCode::SyncFailed:
        return "SyncFailed";
    case ResultCode::Pruned:
        return "Pruned";
    case ResultCode::PruneSkipped:
        return "PruneSkipped";
    }
    return "SyncFailed";
}

std::string_view toString(WaveProgress::State state)
{
    switch (state) {
    case WaveProgress::State::Pending:
        return "Pending";
    case WaveProgress::State::Applying:
        return "Applying";
    case WaveProgress::State::Waiting:
        return "Waiting";
    case WaveProgress::State::Done:
        return "Done";
    case WaveProgress::State::Failed:
        return "Failed";
    }
    return "Pending";
}

std::string_view toString(Operation::Trigger trigger)
{
    switch (trigger) {
    case Operation::Trigger::Manual:
        return "Manual";
    case Operation::Trigger::Automated:
        return "Automated";
    case Operation::Trigger::SelfHeal:
        return "SelfHeal";
    }
    return "Manual";
}

} // namespace core
