// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline.h"

#include "app/verbs/verbbuilder.h"
#include "core/base/strings.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

namespace app {

namespace {

std::string folderFromEnvironment(const char* variable, const char* belowHome)
{
    const char* value = std::getenv(variable);
    if (value && *value)
        return std::string(value) + "/wavewright";
    const char* home = std::getenv("HOME");
    return std::string(home ? home : "/tmp") + "/" + belowHome + "/wavewright";
}

/// A parser of all verbs over one Options.
class Parser
{
public:
    explicit Parser(Options& options)
        : m_root("Wavewright: a GitOps reconciler for Kubernetes platforms.\n"
                 "Reads Argo CD's Applications, renders them from Git, compares with the cluster, "
                 "applies in "
                 "sync waves, heals drift.",
                 "wavewright")
        , m_builder(&m_root, options)
    {
        m_root.require_subcommand(1);
        m_root.set_help_all_flag("--help-all", "Help of every verb");
        m_root.set_version_flag("--version", "wavewright " WAVEWRIGHT_VERSION);
        m_root.footer("Exit codes: 0 yes, 1 no, 2 could not tell, 3 timed out, 64 usage.\n\n"
                      "Try it, with no cluster at all:\n"
                      "  wavewright sync --practice --name operators --path "
                      "manifests/event-driven/operators/overlays/practice\n"
                      "  wavewright sync --practice --name kafka --path "
                      "manifests/event-driven/kafka/overlays/practice");
        addReconcilingVerbs(m_builder);
        addApplicationVerbs(m_builder);
        addPlatformVerbs(m_builder);
        addLineageVerbs(m_builder);
        addClusterVerbs(m_builder);
        addOtherVerbs(m_builder);
    }

    CLI::App& root() { return m_root; }

private:
    CLI::App m_root;
    VerbBuilder m_builder; ///< the parser calls it back
};

void setFolders(Options& options)
{
    if (options.practiceKubeconfig == "true") // the flag without a value
        options.practiceKubeconfig.clear();
    // Git knows absolute paths only.
    if (std::error_code error;
        !options.repoUrl.empty() && std::filesystem::is_directory(options.repoUrl, error))
        options.repoUrl = std::filesystem::canonical(options.repoUrl, error).string();
    options.stateIsDefault = options.stateFolder.empty();
    if (options.stateIsDefault)
        options.stateFolder = folderFromEnvironment("XDG_STATE_HOME", ".local/state");
    if (options.configFile.empty())
        options.configFile = folderFromEnvironment("XDG_CONFIG_HOME", ".config") + "/config.yaml";
    options.cacheFolder = folderFromEnvironment("XDG_CACHE_HOME", ".cache");
}

/// The first word when it is no verb; CLI11 would only say that one is missing.
std::optional<std::string> unknownVerb(const CLI::App& parser, int argc, char** argv)
{
    if (argc < 2 || argv[1][0] == '-')
        return std::nullopt;
    const auto verbs = parser.get_subcommands([](const CLI::App*) { return true; });
    const std::string word = argv[1];
    if (std::ranges::any_of(verbs, [&](const CLI::App* verb) { return verb->get_name() == word; }))
        return std::nullopt;
    std::string nearest;
    std::size_t distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const CLI::App* verb : verbs)
        if (const std::size_t each = core::editDistance(word, verb->get_name()); each < distance) {
            nearest = verb->get_name();
            distance = each;
        }
    return "there is no verb \"" + core::sanitised(word) + "\""
        + (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?");
}

std::variant<Options, int> parse(CLI::App& parser, Options& options, int argc, char** argv)
{
    try {
        parser.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return parser.exit(help);
    } catch (const CLI::CallForAllHelp& help) {
        return parser.exit(help);
    } catch (const CLI::CallForVersion& version) {
        return parser.exit(version);
    } catch (const CLI::ParseError& error) {
        std::string hint = parser.get_name();
        for (const CLI::App* verb : parser.get_subcommands())
            hint += " " + verb->get_name();
        const bool noVerb = argc < 2 && !parser.get_subcommands({}).empty();
        std::fprintf(stderr, "%s: %s; see %s --help\n", parser.get_name().c_str(),
                     noVerb ? "a verb is missing" : error.what(), hint.c_str());
        return int(Usage);
    }
    setFolders(options);
    return options;
}

} // namespace

std::variant<Options, int> parseCommandLine(int argc, char** argv)
{
    Options options;
    Parser parser(options);
    if (const auto unknown = unknownVerb(parser.root(), argc, argv)) {
        std::fprintf(stderr, "wavewright: %s; see wavewright --help\n", unknown->c_str());
        return int(Usage);
    }
    return parse(parser.root(), options, argc, argv);
}

std::variant<Options, int> parseDesktopCommandLine(int argc, char** argv)
{
    Options options;
    options.verb = Verb::Desktop;
    CLI::App parser("Wavewright: the desktop.", "wavewright-desktop");
    VerbBuilder builder(&parser, options);
    parser.set_version_flag("--version", "wavewright-desktop " WAVEWRIGHT_VERSION);
    parser
        .add_option("-f,--file", options.files,
                    "Application manifests, files or folders (repeatable)")
        ->allow_extra_args(false);
    parser.add_option("--path", options.path, "Make an application of this folder");
    parser.add_option("--name", options.name, "Its name; else the folder's");
    parser.add_option("--kubeconfig", options.kubeconfig, "As kubectl's");
    parser.add_option("--context", options.context, "As kubectl's");
    parser.add_option("-n,--namespace", options.namespaceName, "Destination of --path");
    builder.addControlNamespace(&parser);
    builder.addPractice(&parser);
    parser.add_flag("--fresh", options.fresh, "Begin with an empty practice cluster");
    builder.addFactor(&parser, "--practice-delay", options.practiceDelay,
                      "Factor on the time that its simulated controllers take");
    builder.addTelemetry(&parser);
    builder.addTerraform(&parser);
    parser.add_option("--config", options.configFile, "Configuration");
    parser.add_option("--state", options.stateFolder, "State folder");
    parser.add_option("--theme", options.theme, "light, dark or system")
        ->check(CLI::IsMember({"light", "dark", "system"}));
    parser.add_flag("--deterministic", options.deterministic,
                    "Fixed clock and no animation, for screenshots");
    return parse(parser, options, argc, argv);
}

namespace {

/// The words of a type name like text|json|yaml; CLI11 adds its validators after a colon.
std::vector<std::string> closedList(const std::string& typeName)
{
    return typeName.find('|') == std::string::npos
        ? std::vector<std::string>()
        : CLI::detail::split(typeName.substr(0, typeName.find(':')), '|');
}

} // namespace

std::vector<VerbWords> verbWords()
{
    Options options;
    Parser parser(options);
    std::vector<VerbWords> out;
    for (const CLI::App* verb : parser.root().get_subcommands({})) {
        VerbWords words {verb->get_name(), verb->get_description(), {}, {}};
        for (const CLI::Option* option : verb->get_options()) {
            const auto values = closedList(option->get_type_name());
            if (option->get_positional()) {
                if (!values.empty())
                    words.values = values;
                words.takesApplications = words.takesApplications || option->get_name() == "APP";
                continue;
            }
            VerbWords::Option each;
            for (const std::string& name : option->get_snames())
                each.names.push_back("-" + name);
            for (const std::string& name : option->get_lnames())
                each.names.push_back("--" + name);
            each.help = option->get_description();
            each.values = values;
            each.takesValue = option->get_items_expected_min() > 0;
            words.options.push_back(std::move(each));
        }
        out.push_back(std::move(words));
    }
    return out;
}

} // namespace app
