// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"

#include <string_view>

namespace gitops::practice {

/// Kubernetes' binary form of an object (application/vnd.kubernetes.protobuf) as the JSON that says
/// the same: kubectl from 1.32 on sends it from "create KIND" and its like, and does not fall back
/// to JSON. The fields of each message are data (resources/protobuf); unknown ones are left out, as
/// a server of that version does. 400: damaged, or nested deeper than 40. 415: a kind that the data
/// does not have.
ApiResult<core::Json> jsonFromProtobuf(std::string_view body);

} // namespace gitops::practice
