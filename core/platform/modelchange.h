// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"

#include <cstdint>

namespace core {

struct ModelObject;

/// What of an object others look at. A change of it concerns those who look at that, and nobody
/// else: a new image of a Deployment is nobody's affair, new labels of its pods are that of all who
/// reach them.
enum class ModelAspect : std::uint32_t
{
    Itself = 1, ///< its texts, places or applications: what is judged of it alone
    Network = 2, ///< policies, Services, pods by labels and ports; whether the namespace is empty
    Frame = 4, ///< what bounds a namespace: policies, quotas, limits, its default account
    Needs = 8, ///< what quotas count, and quotas
    Names = 16, ///< what pods may name, and what brings it
    Rights = 32, ///< roles and bindings
    Claims = 64, ///< node ports, kinds, listeners, copies
    Spaces = 128, ///< which namespaces there are, their labels, tenants
    Services = 256, ///< what texts of other namespaces may mean
};

/// Some of the aspects.
class ModelAspects
{
public:
    void add(ModelAspect aspect) { m_bits |= static_cast<std::uint32_t>(aspect); }
    void add(ModelAspects others) { m_bits |= others.m_bits; }
    bool has(ModelAspect aspect) const
    {
        return (m_bits & static_cast<std::uint32_t>(aspect)) != 0;
    }
    bool isEmpty() const { return m_bits == 0; }
    bool operator==(const ModelAspects&) const = default;

private:
    std::uint32_t m_bits = 0;
};

/// One object of a model that is another now.
struct ModelChange
{
    ObjectKey key;
    ModelAspects aspects; ///< none: only its state in the cluster
};

/// What differs between an object before and after; null where it is not there. What an aspect is
/// of may be found to differ where it reads the same, never the other way round.
ModelAspects differingAspects(const ModelObject* before, const ModelObject* after);

/// Whether two say the same, seen from outside: texts by their address, healths, owners.
bool isSameObject(const PlatformObject& a, const PlatformObject& b);

} // namespace core
