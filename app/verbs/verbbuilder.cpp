// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/verbbuilder.h"

#include "core/base/strings.h"
#include "core/base/time.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace app {

CLI::App* VerbBuilder::verb(const char* name, Verb which, const char* help, const char* examples)
{
    CLI::App* out = m_root->add_subcommand(name, help);
    out->footer(std::string("Examples:\n") + examples + "\n");
    out->callback([this, which] { m_options.verb = which; });
    return out;
}

void VerbBuilder::describe(CLI::App* verb, const std::string& exitCodes, const std::string& shape)
{
    verb->footer(verb->get_footer() + "\n" + exitCodes + "\n\n" + shape);
}

void VerbBuilder::addFormat(CLI::App* to, bool yaml)
{
    Formats formats {{"text", Format::Text}, {"json", Format::Json}};
    if (yaml)
        formats.emplace_back("yaml", Format::Yaml);
    addFormat(to, formats);
}

void VerbBuilder::addFormat(CLI::App* to, const Formats& formats)
{
    std::string names;
    for (const auto& [name, format] : formats)
        names += (names.empty() ? "" : "|") + name;
    const auto take = [this, formats, names](const std::string& text) {
        const auto found = std::ranges::find(formats, text, &Formats::value_type::first);
        if (found == formats.end())
            throw CLI::ValidationError("--output", "\"" + text + "\" is none of " + names);
        m_options.format = found->second;
    };
    to->add_option_function<std::string>("-o,--output", take, "Format")->type_name(names);
}

void VerbBuilder::addState(CLI::App* to)
{
    to->add_option("--config", m_options.configFile, "Configuration (repositories, clusters)")
        ->type_name("FILE");
    to->add_option("--state", m_options.stateFolder, "State folder")->type_name("FOLDER");
}

void VerbBuilder::addCluster(CLI::App* to)
{
    to->add_option("--kubeconfig", m_options.kubeconfig, "As kubectl's")->type_name("FILE");
    to->add_option("--context", m_options.context, "As kubectl's");
    to->add_option("-n,--namespace", m_options.namespaceName, "Destination of --path")
        ->type_name("NAME");
    addControlNamespace(to);
    addPractice(to);
    to->add_flag("--fresh", m_options.fresh, "Begin with an empty practice cluster");
    addFactor(to, "--practice-delay", m_options.practiceDelay,
              "Factor on the time that its simulated controllers take; 0: at once");
    addState(to);
}

void VerbBuilder::addControlNamespace(CLI::App* to)
{
    to->add_option("--control-namespace", m_options.controlNamespace,
                   "Where records and Leases are kept (wavewright); the same for all who reconcile "
                   "an application")
        ->type_name("NAME");
}

void VerbBuilder::addApplications(CLI::App* to)
{
    to->add_option("APP", m_options.applications, "Names of applications; none: all");
    addSource(to);
}

void VerbBuilder::addSource(CLI::App* to)
{
    to->add_option("-f,--file", m_options.files,
                   "Application manifests, files or folders (repeatable)")
        ->type_name("FILE")
        ->allow_extra_args(false);
    to->add_option("--path", m_options.path, "Make an application of this folder")
        ->type_name("FOLDER");
    to->add_option("--name", m_options.name, "Its name; else the folder's");
}

CLI::Option* VerbBuilder::addTimeout(CLI::App* to)
{
    return to
        ->add_option_function<std::string>(
            "--timeout",
            [this](const std::string& text) {
                const auto duration = core::parseDuration(text);
                if (!duration || duration->count() < 0)
                    throw CLI::ValidationError("--timeout",
                                               "\"" + text + "\" is no duration like 5m or 90s");
                m_options.timeout = *duration;
            },
            "Give up after this time (exit code 3)")
        ->type_name("DURATION");
}

CLI::Option* VerbBuilder::addNumber(CLI::App* to, const char* name, int& value, int least, int most,
                                    const char* help)
{
    const auto take = [name, &value, least, most](const std::string& text) {
        int number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number < least
            || number > most)
            throw CLI::ValidationError(
                name,
                "\"" + text + "\" is no whole number "
                    + (most == std::numeric_limits<int>::max()
                           ? "of " + std::to_string(least) + " or more"
                           : "from " + std::to_string(least) + " to " + std::to_string(most)));
        value = number;
    };
    return to->add_option_function<std::string>(name, take, help)->type_name("NUMBER");
}

CLI::Option* VerbBuilder::addFactor(CLI::App* to, const char* name, double& value, const char* help)
{
    const auto take = [name, &value](const std::string& text) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)
            || number < 0)
            throw CLI::ValidationError(name, "\"" + text + "\" is no factor of 0 or more");
        value = number;
    };
    return to->add_option_function<std::string>(name, take, help)->type_name("FACTOR");
}

CLI::Option* VerbBuilder::addSentence(CLI::App* to, const char* name, std::string& value,
                                      const char* help)
{
    const auto take = [name, &value](const std::string& text) {
        if (core::trimmed(text).empty())
            throw CLI::ValidationError(name, "it is empty");
        value = text;
    };
    return to->add_option_function<std::string>(name, take, help)->type_name("TEXT");
}

void VerbBuilder::addTerraform(CLI::App* to)
{
    to->add_option("--terraform", m_options.terraform,
                   "What \"terraform show -json\" printed, or a state file: the layer below "
                   "(repeatable)")
        ->type_name("FILE")
        ->allow_extra_args(false);
}

void VerbBuilder::addObject(CLI::App* to)
{
    to->add_option("--object", m_options.object, "One object")
        ->type_name("'KIND[.GROUP] [NAMESPACE/]NAME'");
    addState(to);
}

void VerbBuilder::addKubeconfig(CLI::App* to)
{
    to->add_option("--kubeconfig", m_options.kubeconfig, "As kubectl's")->type_name("FILE");
    to->add_option("--context", m_options.context, "As kubectl's");
}

void VerbBuilder::addSelector(CLI::App* to)
{
    to->add_option("-l,--selector", m_options.selector, "Those with these labels")
        ->type_name("SELECTOR");
}

void VerbBuilder::addPractice(CLI::App* to)
{
    to->add_flag("--practice", m_options.practiceKubeconfig,
                 "Use a practice cluster inside this process; =FILE writes its kubeconfig there")
        ->each([this](const std::string&) { m_options.practice = true; });
}

void VerbBuilder::addTelemetry(CLI::App* to)
{
    to->add_option("--prometheus", m_options.prometheus, "Take live figures from this Prometheus")
        ->type_name("URL");
    to->add_option("--kafka", m_options.kafka, "Ask these Kafka brokers for live figures")
        ->type_name("HOST:PORT,…");
    to->add_option("--rabbitmq", m_options.rabbitmq, "RabbitMQ's Prometheus endpoint")
        ->type_name("URL");
    to->add_option("--openlineage", m_options.openLineage,
                   "Run events: a file of them, or Marquez's address")
        ->type_name("FILE|URL");
    to->add_flag("--simulated-traffic", m_options.simulatedTraffic,
                 "Show made-up traffic on the practice cluster, marked as simulated");
}

} // namespace app
