// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/history/statefolder.h"
#include "gitops/history/statestore.h"

#include <memory>

namespace gitops {

/// StateStore over a state folder. Work is done on the pool; saves that come while one is written
/// wait together, and of one name only the last is written. A disk that is full or broken is an
/// error to who saves (and isReadOnly), and what was kept stays; the next save tries again.
class FileStateStore : public StateStore
{
public:
    /// pool must outlive us. A folder opened for reading makes every save fail.
    FileStateStore(StateFolderPtr folder, core::WorkPool& pool);
    /// Writes what waits, in this thread. No done is posted from then on.
    ~FileStateStore() override;

    void load(const std::string& name, core::Executor& executor, LoadHandler done) override;
    void save(const std::string& name, std::string text, core::Executor& executor,
              SaveHandler done) override;
    void remove(const std::string& name, core::Executor& executor, SaveHandler done) override;

    /// The last save failed, or the folder is another's: nothing can be kept now.
    bool isReadOnly() const;

private:
    struct Shared;
    void change(const std::string& name, std::optional<std::string> text, core::Executor& executor,
                SaveHandler done);

    const std::shared_ptr<Shared> m_shared; ///< with tasks on the pool
};

} // namespace gitops
