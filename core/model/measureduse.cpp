// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/measureduse.h"

#include <cmath>

namespace core {

std::string_view toString(MeasuredUse::State state)
{
    switch (state) {
    case MeasuredUse::State::Waiting:
        return "waiting";
    case MeasuredUse::State::Known:
        return "known";
    case MeasuredUse::State::NotServed:
        return "notServed";
    case MeasuredUse::State::Refused:
        return "refused";
    case MeasuredUse::State::Failed:
        break;
    }
    return "failed";
}

std::string cpuText(const Quantity& cpu)
{
    return std::to_string(std::int64_t(std::ceil(cpu.toDouble() * 1'000))) + "m";
}

std::string memoryText(const Quantity& memory)
{
    return std::to_string(std::int64_t(std::ceil(memory.toDouble() / (1 << 20)))) + "Mi";
}

} // namespace core
