// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/application.h"

#include <algorithm>

namespace core {

bool Application::hasOption(std::string_view option) const
{
    return std::ranges::find(syncOptions, option) != syncOptions.end();
}

} // namespace core
