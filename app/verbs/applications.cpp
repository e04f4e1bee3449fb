// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outputshapes.h"
#include "app/verbs/verbbuilder.h"

#include <CLI/CLI.hpp>

namespace app {

void addApplicationVerbs(VerbBuilder& with)
{
    Options& options = with.options();
    CLI::App* status =
        with.verb("status", Verb::Status, "What runs: sync, health and what is waited for",
                  "  wavewright status\n  wavewright status kafka -o json");
    with.describe(status,
                  "Exit codes: 0 all Synced and Healthy, 1 not, 2 could not tell (no Wavewright "
                  "runs, no such application), 64 usage.",
                  kStatusShape);
    status->add_option("APP", options.applications, "Names of applications; none: all");
    with.addState(status);
    with.addFormat(status,
                   {{"text", Format::Text},
                    {"json", Format::Json},
                    {"yaml", Format::Yaml},
                    {"name", Format::Name}});

    CLI::App* history =
        with.verb("history", Verb::History, "What happened: revisions, syncs, drift",
                  "  wavewright history kafka\n  wavewright history -o json --limit 50");
    history->add_option("APP", options.applications, "Name of an application; none: all");
    with.addNumber(history, "--limit", options.limit, 1, 1'000'000, "The newest so many");
    with.describe(history, "Exit codes: 0 told, 2 could not tell, 64 usage.",
                  "-o json prints JSON lines: one object an event, the newest last.");
    with.addState(history);
    with.addFormat(history);

    CLI::App* wait = with.verb("wait", Verb::Wait, "Wait until applications are Synced and Healthy",
                               "  wavewright wait kafka --timeout 5m");
    wait->add_option("APP", options.applications, "Names of applications; none: all");
    with.addState(wait);
    with.addTimeout(wait);

    CLI::App* confirm =
        with.verb("confirm", Verb::Confirm, "Say yes to prunes that wait for a person",
                  "  wavewright confirm users\n"
                  "  wavewright confirm users --object 'Namespace user-carol'");
    confirm->add_option("APP", options.applications, "Name of the application")->required();
    with.addObject(confirm);

    CLI::App* pause =
        with.verb("pause", Verb::Pause, "Stop reconciling an application or one object",
                  "  wavewright pause kafka --reason 'broker maintenance' --for 1h\n"
                  "  wavewright pause shop --object 'Deployment shop/web' --reason debugging");
    pause->add_option("APP", options.applications, "Name of the application")->required();
    with.addSentence(pause, "--reason", options.reason, "Why; shown to everybody")->required();
    pause->add_option("--for", options.until, "Until it goes on by itself; else until resume")
        ->type_name("DURATION");
    with.addObject(pause);

    CLI::App* resume =
        with.verb("resume", Verb::Resume, "Go on after a pause", "  wavewright resume kafka");
    resume->add_option("APP", options.applications, "Name of the application")->required();
    with.addObject(resume);

    CLI::App* refresh = with.verb("refresh", Verb::Refresh, "Look at Git and compare now",
                                  "  wavewright refresh kafka\n  wavewright refresh kafka --hard");
    refresh->add_option("APP", options.applications, "Name of the application")->required();
    refresh->add_flag("--hard", options.hard, "Forget what was rendered and listed before");
    with.addState(refresh);

    CLI::App* terminate =
        with.verb("terminate", Verb::Terminate, "End the sync that runs; what it applied stays",
                  "  wavewright terminate kafka");
    terminate->add_option("APP", options.applications, "Name of the application")->required();
    with.addState(terminate);

    CLI::App* adopt =
        with.verb("adopt", Verb::Adopt, "Take objects that were there before us under our care",
                  "  wavewright adopt kafka");
    adopt->add_option("APP", options.applications, "Name of the application")->required();
    with.addState(adopt);
}

} // namespace app
