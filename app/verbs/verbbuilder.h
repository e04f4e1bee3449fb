// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace app {

/// Gives a parser its verbs, and verbs the options that several have. Everything is written into
/// one Options. Both outlive the parser's last parse, which calls them back.
class VerbBuilder
{
public:
    VerbBuilder(CLI::App* root, Options& options)
        : m_root(root)
        , m_options(options)
    {
    }

    Options& options() const { return m_options; }

    CLI::App* verb(const char* name, Verb which, const char* help, const char* examples);
    /// Exit codes and the shape of -o json and yaml, below the examples of --help.
    static void describe(CLI::App* verb, const std::string& exitCodes, const std::string& shape);

    using Formats = std::vector<std::pair<std::string, Format>>;
    void addFormat(CLI::App* to, bool yaml = false);
    void addFormat(CLI::App* to, const Formats& formats);

    void addState(CLI::App* to); ///< --config, --state
    void addKubeconfig(CLI::App* to); ///< --kubeconfig, --context
    void addCluster(CLI::App* to); ///< a real one or practice, and the state
    void addApplications(CLI::App* to); ///< by name, and their source
    void addSource(CLI::App* to); ///< -f, --path, --name
    CLI::Option* addTimeout(CLI::App* to);
    void addTerraform(CLI::App* to);
    void addObject(CLI::App* to); ///< --object, and the state
    void addSelector(CLI::App* to);
    /// A flag that may have a value: --practice or --practice=FILE, never "--practice FILE".
    void addControlNamespace(CLI::App* to);
    void addPractice(CLI::App* to);
    /// Where live figures come from.
    void addTelemetry(CLI::App* to);

    /// A whole number within bounds; anything else is said in one sentence.
    static CLI::Option* addNumber(CLI::App* to, const char* name, int& value, int least, int most,
                                  const char* help);
    /// A factor from 0 on.
    static CLI::Option* addFactor(CLI::App* to, const char* name, double& value, const char* help);
    /// A text that says something.
    static CLI::Option* addSentence(CLI::App* to, const char* name, std::string& value,
                                    const char* help);

private:
    CLI::App* m_root;
    Options& m_options;
};

/// The verbs, in the order of the help.
void addReconcilingVerbs(VerbBuilder& with);
void addApplicationVerbs(VerbBuilder& with);
void addPlatformVerbs(VerbBuilder& with);
void addLineageVerbs(VerbBuilder& with);
void addClusterVerbs(VerbBuilder& with);
void addOtherVerbs(VerbBuilder& with);

} // namespace app
