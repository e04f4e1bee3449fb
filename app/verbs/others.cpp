// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outputshapes.h"
#include "app/verbs/verbbuilder.h"

#include <CLI/CLI.hpp>

namespace app {

void addOtherVerbs(VerbBuilder& with)
{
    Options& options = with.options();
    CLI::App* health = with.verb("health", Verb::Health, "Health of the objects in a file",
                                 "  kubectl get deploy,kafka -A -o yaml | wavewright health -");
    health->add_option("FILE", options.file, "YAML or JSON; - is standard input")->required();
    with.addFormat(health);

    CLI::App* practice = with.verb("practice", Verb::Practice, "A practice cluster on this machine",
                                   "  wavewright practice --kubeconfig /tmp/practice &\n"
                                   "  kubectl --kubeconfig /tmp/practice get namespaces");
    with.addNumber(practice, "--port", options.port, 0, 65535,
                   "Port on 127.0.0.1; else the last one, or a free one");
    practice
        ->add_option("--kubeconfig", options.practiceKubeconfig, "Where to write the kubeconfig")
        ->type_name("FILE");
    practice->add_flag("--fresh", options.fresh, "Begin empty");
    CLI::Option* none = practice->add_flag_callback(
        "--no-behaviours", [&options] { options.behaviours = false; },
        "Objects stay as they are written");
    practice
        ->add_flag("--behaviours-only", options.behavioursOnly,
                   "No server: behave as operators would on the cluster of --kubeconfig")
        ->excludes(none);
    with.addFactor(practice, "--delay", options.practiceDelay,
                   "Factor on the time that its simulated controllers take; 0: at once");
    with.addState(practice);

    with.addFormat(
        with.verb("version", Verb::Version, "Print the version", "  wavewright version -o json"));
    CLI::App* completion =
        with.verb("completion", Verb::Completion, "Print a completion script",
                  "  wavewright completion bash > /etc/bash_completion.d/wavewright\n"
                  "  source <(wavewright completion zsh)\n"
                  "  wavewright completion fish > ~/.config/fish/completions/wavewright.fish");
    completion->add_option("SHELL", options.shell, "bash, zsh or fish")
        ->required()
        ->type_name("bash|zsh|fish")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

} // namespace app
