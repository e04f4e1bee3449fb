// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/git/gitpool.h"

#include <string>

namespace gitops {

/// An exclusive lock between processes (flock) on a file of its own, held until destroyed. The file
/// stays: removing it would let two processes lock two files of one name.
class FileLock
{
public:
    /// Waits until the other process is done or watch is cancelled (Timeout).
    static core::Result<FileLock> wait(const std::string& path, const JobWatch& watch);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;

private:
    explicit FileLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    int m_descriptor;
};

} // namespace gitops
