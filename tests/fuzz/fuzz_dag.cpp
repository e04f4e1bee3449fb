// SPDX-License-Identifier: GPL-3.0-or-later
// Any text is a DAG file.
#include "core/platform/dagreader.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const core::DagFile file = core::readDagFile({reinterpret_cast<const char*>(data), size});
    for (const core::DagFile::Order& order : file.order)
        if (order.before >= file.tasks.size() || order.after >= file.tasks.size())
            std::abort();
    for (const core::Dag& dag : file.dags)
        (void)core::datasetsOf(dag.schedule);
    return 0;
}
