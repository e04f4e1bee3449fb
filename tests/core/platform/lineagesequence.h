// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineagemodel.h"

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace tests {

/// Where two graphs differ, "" where they are the same: nodes, what holds them, edges with their
/// proofs, all in their order, and what is found by id and by object.
std::string differenceOf(const core::LineageGraph& a, const core::LineageGraph& b);

/// Changes a platform at random, a few objects at a time: they come, go, say something else (words
/// of each other, less than before), are seen in the cluster, change hands. After each change the
/// graph of one model that saw all of it is held against one made from scratch.
class LineageSequence
{
public:
    LineageSequence(const core::PlatformInput& input, std::vector<core::LineageFile> files,
                    std::uint32_t seed);
    /// The first difference with the step that led to it; "" when there is none.
    std::string run(int steps);

private:
    struct State
    {
        core::PlatformObject first; ///< as it is at the beginning
        core::PlatformObject now;
        bool isIn = false;
    };
    void collect(const core::Json& value);
    void mutate(core::Json& value, int depth);
    core::ManifestPtr mutated(const core::Manifest& manifest);
    std::string step();
    std::size_t pick(std::size_t below) { return m_random() % below; }

    std::mt19937 m_random;
    std::vector<State> m_states;
    std::vector<core::LineageFile> m_files;
    std::set<std::size_t> m_filesIn;
    std::vector<std::string> m_words;
    core::LineageModel m_model;
};

} // namespace tests
