// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright-scripts: runs what users write (health scripts in Lua, jq expressions) for the engine,
// which starts it with an empty environment and kills it when it does not answer.
#include "gitops/script/confinement.h"
#include "gitops/script/worker.h"

#include <cstdio>
#include <exception>
#include <unistd.h>

int main()
{
    try {
        if (!gitops::script::confine()) {
            std::fputs("wavewright-scripts cannot be confined on this machine.\n", stderr);
            return 1;
        }
        return gitops::script::serve(STDIN_FILENO, STDOUT_FILENO);
    } catch (const std::exception&) {
        return 1; // not enough memory
    }
}
