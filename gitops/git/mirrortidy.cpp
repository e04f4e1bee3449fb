// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/mirrortidy.h"

#include "gitops/git/gitpool.h"
#include "gitops/git/libgit2.h"

#include <git2.h>

#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <vector>

namespace gitops {

namespace fs = std::filesystem;

namespace {

struct BuilderDeleter
{
    void operator()(git_packbuilder* builder) const { git_packbuilder_free(builder); }
    void operator()(git_revwalk* walk) const { git_revwalk_free(walk); }
};

std::set<fs::path> packsIn(const std::string& folder)
{
    std::set<fs::path> packs;
    std::error_code error;
    for (fs::directory_iterator it(folder + "/objects/pack", error), end; !error && it != end;
         it.increment(error))
        if (it->path().extension() == ".pack")
            packs.insert(it->path());
    return packs;
}

bool isLooseFolder(const fs::path& path)
{
    const std::string name = path.filename().string();
    return name.size() == 2 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::vector<fs::path> looseIn(const std::string& folder)
{
    std::vector<fs::path> objects;
    std::error_code error;
    for (fs::directory_iterator it(folder + "/objects", error), end; !error && it != end;
         it.increment(error)) {
        if (!isLooseFolder(it->path()))
            continue;
        std::error_code inside;
        for (fs::directory_iterator object(it->path(), inside); !inside && object != end;
             object.increment(inside))
            objects.push_back(object->path());
    }
    return objects;
}

int onPacking(int, std::uint32_t, std::uint32_t, void* payload)
{
    auto* watch = static_cast<JobWatch*>(payload);
    watch->touch();
    return watch->isCancelled() ? -1 : 0;
}

int onWriting(const git_indexer_progress*, void* payload)
{
    return onPacking(0, 0, 0, payload);
}

/// Annotated tags are objects of their own; the walk brings what they point at.
int addTag(git_reference* reference, void* payload)
{
    const GitPtr<git_reference> owner(reference);
    if (const git_oid* target = git_reference_target(reference))
        return git_packbuilder_insert(static_cast<git_packbuilder*>(payload), target, nullptr);
    return 0;
}

core::Error failed(int code, const JobWatch& watch)
{
    if (watch.isCancelled())
        return {core::ErrorCode::Cancelled, "The tidying was given up.", {}, core::Fault::Git, {}};
    return libGit2Error(code, "The cache of the repository cannot be tidied");
}

} // namespace

bool needsTidying(const std::string& folder, const MirrorLimits& limits)
{
    return packsIn(folder).size() > limits.packs || looseIn(folder).size() > limits.looseObjects;
}

core::Result<void> tidyMirror(git_repository* repository, const std::string& folder,
                              JobWatch& watch)
{
    const std::set<fs::path> oldPacks = packsIn(folder);
    const std::vector<fs::path> oldLoose = looseIn(folder);
    git_packbuilder* madeBuilder = nullptr;
    int code = git_packbuilder_new(&madeBuilder, repository);
    const std::unique_ptr<git_packbuilder, BuilderDeleter> builder(madeBuilder);
    git_revwalk* madeWalk = nullptr;
    if (code == 0)
        code = git_revwalk_new(&madeWalk, repository);
    const std::unique_ptr<git_revwalk, BuilderDeleter> walk(madeWalk);
    if (code == 0)
        code = git_packbuilder_set_callbacks(builder.get(), onPacking, &watch);
    if (code == 0)
        code = git_revwalk_push_glob(walk.get(), "refs/*");
    if (code == 0)
        code = git_packbuilder_insert_walk(builder.get(), walk.get());
    if (code == 0)
        code = git_reference_foreach(repository, addTag, builder.get());
    if (code == 0 && git_packbuilder_object_count(builder.get()) == 0)
        return {};
    if (code == 0)
        code = git_packbuilder_write(builder.get(), nullptr, 0, onWriting, &watch);
    if (code != 0)
        return std::unexpected(failed(code, watch));
    const std::string kept = std::string("pack-") + git_packbuilder_name(builder.get()) + ".pack";
    if (!packsIn(folder).contains(fs::path(folder) / "objects" / "pack" / kept))
        return core::failure(core::ErrorCode::Internal, "The new pack is not where it should be.",
                             {.file = folder}, core::Fault::Machine);
    std::error_code ignored;
    for (const fs::path& pack : oldPacks) {
        if (pack.filename() == kept)
            continue;
        for (const char* extension :
             {".idx", ".rev", ".pack"}) // the index first: nobody looks then
            fs::remove(fs::path(pack).replace_extension(extension), ignored);
    }
    for (const fs::path& object : oldLoose)
        fs::remove(object, ignored);
    return {};
}

} // namespace gitops
