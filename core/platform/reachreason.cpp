// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/reachreason.h"

namespace core {

namespace {

ReachReason reasonOf(const PlatformInput& input, const DirectionVerdict& verdict, bool outgoing)
{
    ReachReason out;
    out.outgoing = outgoing;
    out.reach = verdict.reach;
    out.rule = verdict.rule;
    out.text = verdict.reason;
    if (verdict.policy.name.empty())
        return out;
    out.policy = verdict.policy.text();
    const PlatformObject* policy = input.find(verdict.policy);
    if (!policy)
        return out;
    const std::string list = outgoing ? "/spec/egress" : "/spec/ingress";
    out.place = policy->place(verdict.rule >= 0 ? list + "/" + std::to_string(verdict.rule) : list);
    if (out.place.line == 0) // it has no such list: that is how it denies
        out.place = policy->place("/spec");
    return out;
}

} // namespace

std::vector<ReachReason> reachReasons(const PlatformInput& input, const NetworkVerdict& verdict)
{
    ReachReason out = reasonOf(input, verdict.egress, true);
    ReachReason in = reasonOf(input, verdict.ingress, false);
    out.decides = out.reach == verdict.reach;
    // Where both ends deny, the source's word comes first, as in NetworkVerdict::reason.
    in.decides = in.reach == verdict.reach && (verdict.reach == Reach::Allowed || !out.decides);
    if (out.decides)
        return {out, in};
    return {in, out};
}

} // namespace core
